-- copies of the database for tests neither ask suppliers nor order
DELETE FROM auto_service_supplier_secret;
UPDATE auto_service_supplier_account SET is_ordering = false;
-- nor do they fetch price lists
DELETE FROM auto_service_price_list_secret;
UPDATE auto_service_price_list SET next_fetch_at = NULL;
