"""What the figures about screens share: reading a screen as the web client reads it."""

COUNT_LIMIT = 10_001  # as the web client asks


def get_specification(env, model, view_type, xml_id=None):
    """Fields that the web client asks for, taken from the real view.

    :param str xml_id: view; the default view of the user when omitted
    :return: dict for ``web_search_read``
    """
    from lxml import etree

    view_id = env.ref(xml_id).id if xml_id else None
    view = env[model].get_view(view_id, view_type)
    fields = env[model]._fields
    specification = {}
    for node in etree.fromstring(view["arch"]).iter("field"):
        name = node.get("name")
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        specification[name] = {}
        if fields[name].relational:
            specification[name] = {"fields": get_subfields(node, fields[name])}
    return specification


def get_subfields(node, field):
    """Fields of a relation: those of its embedded list, else the name."""
    names = {
        sub.get("name")
        for sub in node.iterfind("./list//field")
        if next(sub.iterancestors("field")) is node
    }
    if not names or field.type == "many2one":
        names = {"display_name"}
    return {name: {} for name in names}


def search_read(env, model, specification, domain=(), limit=80, order=None):
    """A page of a list or an ungrouped kanban with its number of records."""
    return env[model].web_search_read(
        list(domain),
        specification,
        limit=limit,
        order=order,
        count_limit=COUNT_LIMIT,
    )


def read_groups(env, model, specification, groupby, domain=(), limit=40):
    """A grouped kanban with its columns unfolded, as the web client asks for it."""
    return env[model].web_read_group(
        list(domain),
        [groupby],
        ["__count"],
        auto_unfold=True,
        unfold_read_specification=specification,
        unfold_read_default_limit=limit,
    )


def read_form(env, model, record_id, specification):
    """A form."""
    return env[model].browse(record_id).web_read(specification)


def best_of(ctx, env, function, rounds=25):
    """Least time of several calls: what else the machine does only adds to it.

    :return: (milliseconds, number of queries)
    """
    ctx.measure(env, function, repeat=1, warm=2)
    measured = [ctx.measure(env, function, repeat=1, warm=0) for _ in range(rounds)]
    return min(milliseconds for milliseconds, _queries in measured), measured[-1][1]


def compare(ctx, env, name, ours, host=None, goal_ms=None):
    """Measure a screen of ours beside one of the host.

    :param function ours: called without arguments
    :param function host: likewise; None when the host has nothing alike
    :param goal_ms: what must be held, in milliseconds of server time
    :return: dict for bin/bench
    """
    milliseconds, queries = best_of(ctx, env, ours)
    host_milliseconds = best_of(ctx, env, host)[0] if host else None
    return {
        "name": name,
        "ours": milliseconds,
        "host": host_milliseconds,
        "unit": "ms",
        "queries": queries,
        "goal": f"at most {goal_ms} ms" if goal_ms else None,
        "holds": milliseconds <= goal_ms if goal_ms else None,
    }
