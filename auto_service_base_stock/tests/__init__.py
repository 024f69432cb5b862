from . import test_issue_parts
