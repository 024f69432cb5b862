from odoo import SUPERUSER_ID, api

RULE = "auto_service_base.auto_service_operation_rule_company"
BEFORE = "[('company_id', 'in', company_ids + [False])]"
AFTER = "['|', ('company_id', '=', False), ('company_id', 'parent_of', company_ids)]"


def migrate(cr, version):
    """Branches use the operations of their company; the rule is never updated."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref(RULE, raise_if_not_found=False)
    if rule and rule.domain_force == BEFORE:
        rule.domain_force = AFTER
