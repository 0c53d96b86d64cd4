CREATE VIEW reporting.sale_lines AS
SELECT
    sale_id,
    line_no,
    account_id,
    department,
    category,
    brand,
    labels,
    reporting.money(net_minor, currency) AS net,
    currency,
    sold_on,
    business_date,
    ledger_partition,
    ledger_seq
FROM sale_lines;

COMMENT ON VIEW reporting.sale_lines IS
    'One row a line that a member bought, and one with a negative net for what came back of it in its currency. They are kept from the activation on of the first programme with a segment that asks which articles the money went to.';
COMMENT ON COLUMN reporting.sale_lines.sale_id IS
    'The business key of the receipt: store|till|business date|receipt number|sale.';
COMMENT ON COLUMN reporting.sale_lines.line_no IS
    'The number of the line on the receipt.';
COMMENT ON COLUMN reporting.sale_lines.account_id IS
    'Whose.';
COMMENT ON COLUMN reporting.sale_lines.department IS
    'The article''s department.';
COMMENT ON COLUMN reporting.sale_lines.category IS
    'The path within the department, nodes joined by /.';
COMMENT ON COLUMN reporting.sale_lines.brand IS
    'The brand.';
COMMENT ON COLUMN reporting.sale_lines.labels IS
    'Words on the article, such as eco.';
COMMENT ON COLUMN reporting.sale_lines.net IS
    'What was charged; negative for what came back.';
COMMENT ON COLUMN reporting.sale_lines.currency IS
    'ISO 4217; of net.';
COMMENT ON COLUMN reporting.sale_lines.sold_on IS
    'The business date of the sale.';
COMMENT ON COLUMN reporting.sale_lines.business_date IS
    'The business date on which it was bought or came back.';
COMMENT ON COLUMN reporting.sale_lines.ledger_partition IS
    'The ledger partition that it stands in.';
COMMENT ON COLUMN reporting.sale_lines.ledger_seq IS
    'Its place in that partition; several rows of one record share it.';
