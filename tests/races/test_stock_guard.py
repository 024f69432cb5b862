"""The last parts, wanted by many at once: nothing below zero, nothing promised twice.

Each race runs twice: with the guard, where the shelves are right, and without it,
where they are not. If one of the second kind finds no damage any more, its twin proves
nothing.
"""

import pytest
from crowd import at_once, deadlocks, refusals, slow_rows, winners
from stock_desk import StockDesk

CROWD = 6
#: So long the row of a shelf takes to be written: everybody is there by then.
SECONDS = 0.3
#: The host does no damage here: it is only asked that nobody is refused or blocked.
ONLY_GUARDED = pytest.mark.parametrize("guarded", ["guarded"], indirect=True)


@pytest.fixture(scope="module")
def desk(stock_sessions, stock_server):
    desk = StockDesk(stock_sessions(CROWD, stock_server), stock_server)
    desk.warm_up()
    return desk


@pytest.fixture(params=["guarded", "host"])
def guarded(request, desk):
    """Whether the guard is on in this turn."""
    on = request.param == "guarded"
    desk.switch(on)
    yield on
    desk.switch(True)


@pytest.fixture
def slow(desk):
    """Every row of a shelf takes a while to be written."""
    with slow_rows(desk.database, SECONDS, "stock_quant"):
        yield


def assert_right(desk, parts, guarded):
    """With the guard all is right; without it something is not."""
    problems = desk.problems(parts)
    if guarded:
        assert problems == []
    else:
        assert problems != []


def at_each_session(desk, action, transfers):
    """Everybody does the same to a transfer of their own."""
    pairs = zip(desk.sessions, transfers, strict=False)
    return at_once(*(action(session, transfer) for session, transfer in pairs))


# --- the same pieces ------------------------------------------------------------------


def test_last_part_is_promised_once(desk, guarded, slow):
    [part] = desk.create_parts(1, quantity=1)
    transfers = desk.deliveries([(part, 1)], [(part, 1)], confirm=False)
    answers = at_each_session(desk, desk.confirming, transfers)
    assert refusals(answers) == [], "who comes late is told 'to order', not an error"
    states = sorted(desk.states(transfers))
    assert states == (["assigned", "confirmed"] if guarded else ["assigned"] * 2)
    assert_right(desk, [part], guarded)


def test_five_pieces_for_six_who_insist(desk, guarded, slow):
    [part] = desk.create_parts(1, quantity=5)
    transfers = desk.deliveries(*[[(part, 1)]] * CROWD)
    answers = at_each_session(desk, desk.insisting, transfers)
    if guarded:
        assert len(winners(answers)) == 5
        assert desk.on_hand(part) == 0
        assert all(text.startswith("Only 0") for text in refusals(answers)), refusals(
            answers
        )
    assert_right(desk, [part], guarded)


@ONLY_GUARDED
def test_six_who_wait_their_turn(desk, guarded, slow):
    """Nobody is refused where there is enough for everybody."""
    [part] = desk.create_parts(1, quantity=CROWD)
    transfers = desk.deliveries(*[[(part, 1)]] * CROWD)
    answers = at_each_session(desk, desk.validating, transfers)
    assert refusals(answers) == []
    assert desk.on_hand(part) == 0
    assert desk.problems([part]) == []


@ONLY_GUARDED
def test_two_deliveries_of_three_from_ten(desk, guarded, slow):
    [part] = desk.create_parts(1, quantity=10)
    transfers = desk.deliveries([(part, 3)], [(part, 3)], confirm=False)
    assert refusals(at_each_session(desk, desk.confirming, transfers)) == []
    assert desk.states(transfers) == ["assigned"] * 2
    assert refusals(at_each_session(desk, desk.validating, transfers)) == []
    assert desk.on_hand(part) == 4
    assert desk.problems([part]) == []


def test_eight_from_two_rows_of_five(desk, guarded):
    """No row goes below zero: the next reader would take it for damage."""
    [part] = desk.create_parts(1, quantity=10)
    desk.split(part, 5)
    [transfer] = desk.deliveries([(part, 8)])
    desk.insisting(desk.sessions[0], transfer)()
    assert desk.states([transfer]) == ["done"]
    assert desk.on_hand(part) == 2
    if guarded:
        assert desk.problems([part]) == []


def test_eight_of_ten_in_two_rows_for_two(desk, guarded, slow):
    [part] = desk.create_parts(1, quantity=10)
    desk.split(part, 5)
    transfers = desk.deliveries([(part, 8)], [(part, 8)])
    answers = at_each_session(desk, desk.insisting, transfers)
    if guarded:
        assert len(winners(answers)) == 1
    assert_right(desk, [part], guarded)


# --- different pieces, other ways -----------------------------------------------------


def test_different_parts_do_not_wait(desk, guarded):
    """A row that takes two seconds holds up nobody who wants another part."""
    parts = desk.create_parts(2, quantity=1)
    transfers = desk.deliveries(*([(part, 1)] for part in parts))
    with slow_rows(desk.database, 1.0, "stock_quant"):
        answers = at_each_session(desk, desk.validating, transfers)
    assert refusals(answers) == []
    alone = min(answer.seconds for answer in answers)
    assert max(answer.seconds for answer in answers) < 1.7 * alone


@ONLY_GUARDED
def test_transfers_in_opposite_order(desk, guarded, slow):
    """Two who take the same ten parts, one from behind."""
    parts = desk.create_parts(10, quantity=2)
    wish = [(part, 1) for part in parts]
    before = deadlocks(desk.database)
    transfers = desk.deliveries(wish, wish[::-1])
    answers = at_each_session(desk, desk.validating, transfers)
    assert refusals(answers) == []
    assert deadlocks(desk.database) == before
    assert desk.problems(parts) == []
    assert {desk.on_hand(part) for part in parts} == {0}


@ONLY_GUARDED
def test_to_the_shelf_and_from_it_crosswise(desk, guarded, slow):
    """Transfers between two bins in both directions do not wait for each other."""
    bins = [desk.create_bin("Left"), desk.create_bin("Right")]
    parts = desk.create_parts(4)
    for place in bins:
        desk.put(parts, 3, place)
    wish = [(part, 3) for part in parts]
    values = [
        desk.prepare(wish, desk.internal, bins[0], bins[1]),
        desk.prepare(wish[::-1], desk.internal, bins[1], bins[0]),
    ]
    transfers = desk.create_transfers(values)
    before = deadlocks(desk.database)
    answers = at_each_session(desk, desk.validating, transfers)
    assert refusals(answers) == []
    assert deadlocks(desk.database) == before
    assert desk.problems(parts) == []


def scrap_against_delivery(desk):
    """Somebody scraps the last part while somebody else delivers it.

    :return: the part, and the answers of both
    """
    [part] = desk.create_parts(1, quantity=1)
    [transfer] = desk.deliveries([(part, 1)])
    values = {"product_id": part, "scrap_qty": 1, "location_id": desk.stock}
    [scrap] = desk.call("stock.scrap", "create", [values])
    scrapping = desk.sessions[1]
    answers = at_once(
        desk.validating(desk.sessions[0], transfer),
        lambda: scrapping.call("stock.scrap", "do_scrap", [scrap]),
    )
    return part, answers


def test_scrap_against_delivery(desk, guarded, slow):
    part, answers = scrap_against_delivery(desk)
    if guarded:
        assert len(winners(answers)) == 1
        assert_right(desk, [part], guarded)
        return
    # The host is right as long as one of them is a moment faster.
    parts = [part, *(scrap_against_delivery(desk)[0] for _round in range(7))]
    assert_right(desk, parts, guarded)


def test_inventory_against_reservation(desk, guarded, slow):
    """The shelf is counted empty while somebody promises what stood on it."""
    [part] = desk.create_parts(1, quantity=1)
    [transfer] = desk.deliveries([(part, 1)], confirm=False)
    [[quant]] = desk.query(
        f"SELECT id FROM stock_quant WHERE product_id = {part}"
        f" AND location_id = {desk.stock}"
    )
    values = {"inventory_quantity": 0}
    context = {"inventory_mode": True}
    desk.call("stock.quant", "write", [int(quant)], values, context=context)
    counting = desk.sessions[1]
    at_once(
        desk.confirming(desk.sessions[0], transfer),
        lambda: counting.call("stock.quant", "action_apply_inventory", [int(quant)]),
    )
    if guarded:
        assert desk.on_hand(part) == 0
    assert_right(desk, [part], guarded)


def test_till_against_delivery(desk, guarded, slow):
    """The till makes its move lines itself and validates at once."""
    [part] = desk.create_parts(1, quantity=1)
    [transfer] = desk.deliveries([(part, 1)])

    def create_line(transfer):
        [move] = desk.read_moves(transfer)
        values = {
            "move_id": move["id"],
            "picking_id": transfer,
            "product_id": part,
            "product_uom_id": desk.unit,
            "quantity": 1,
            "picked": True,
            "location_id": desk.stock,
            "location_dest_id": desk.customers,
        }
        return desk.sessions[1].call("stock.move.line", "create", [values])

    def sell():
        [till] = desk.deliveries([(part, 1)], confirm=False)
        create_line(till)
        return desk.validating(desk.sessions[1], till)()

    answers = at_once(desk.validating(desk.sessions[0], transfer), sell)
    if guarded:
        assert len(winners(answers)) == 1
    assert_right(desk, [part], guarded)


@pytest.mark.parametrize(
    "values", [{"quantity": -1}, {"reserved_quantity": 2}], ids=["quantity", "reserved"]
)
def test_row_of_a_shelf_written_by_hand(desk, guarded, values):
    """Programs that write on the row itself are stopped, too."""
    [part] = desk.create_parts(1, quantity=1)
    [[quant]] = desk.query(
        f"SELECT id FROM stock_quant WHERE product_id = {part}"
        f" AND location_id = {desk.stock}"
    )
    writer = desk.sessions[1]
    answers = at_once(lambda: writer.call("stock.quant", "write", [int(quant)], values))
    if guarded:
        assert len(refusals(answers)) == 1
        assert desk.problems([part]) == []
    else:
        assert refusals(answers) == []
