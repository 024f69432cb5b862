from . import test_keep_for_jobs
