from odoo.tests import tagged

from .common import PartsCommon
from .price_file import make_corpus, make_csv
from .price_list_common import PriceListMixin


@tagged("post_install", "-at_install")
class TestPriceListCorpus(PriceListMixin, PartsCommon):
    """Damaged files: none crashes, and none puts rubbish in the place of a list."""

    def test_no_damaged_file_replaces_a_list_by_rubbish(self):
        good = self._make_list(make_csv())
        rows = set(self._read_rows(good))
        self.assertEqual(len(rows), 300)
        count, taken = 0, []
        for name, content in make_corpus():
            with self.subTest(name), self.cr.savepoint():
                before = good.generation
                load = self._load(good, content)
                self.assertIn(load.state, ("done", "held", "failed"), name)
                if load.state == "done":
                    taken.append(name)
                    found = set(self._read_rows(good))
                    self.assertLessEqual(found, rows, "only offers of the good list")
                    self.assertGreaterEqual(len(found), 270, "nearly all of them")
                    good.action_undo()
                    load.list_id.previous_generation = 0
                else:
                    self.assertTrue(load.message, "somebody is told why")
                self.assertEqual(good.generation, before)
            count += 1
        self.assertGreaterEqual(count, 200)
        self.assertLess(len(taken), 25, taken)
