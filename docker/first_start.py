"""Read by ``odoo shell`` when the container's database is made."""

parameters = env["ir.config_parameter"].sudo()  # noqa: F821
# wkhtmltopdf fetches style sheets over HTTP, from within the same container.
parameters.set_param("report.url", "http://127.0.0.1:8069")
env.cr.commit()  # noqa: F821
