namespace Dbre.Cli.Drill;

/// <summary>A database of the drill, and what it is filled with.</summary>
/// <param name="Rows">Rows of its main table.</param>
/// <param name="Load">SQL that makes and fills its tables; <c>{rows}</c> is the number.</param>
internal sealed record DrillDatabase(string Id, DrillEngine Engine, bool Cluster, int Rows, IReadOnlyList<string> Load)
{
    /// <summary>Three PostgreSQL instances, one of them over 100 MB, an Aurora cluster, and a MariaDB instance.</summary>
    public static readonly IReadOnlyList<DrillDatabase> Fleet =
    [
        new("orders", DrillEngine.PostgreSql, Cluster: false, 700_000, ["""
            CREATE TABLE orders (id bigint PRIMARY KEY, customer int NOT NULL, placed timestamptz NOT NULL, total numeric(12, 2) NOT NULL, note text);
            INSERT INTO orders SELECT g, g % 9973, timestamptz '2026-01-01' + g * interval '7 seconds', (g % 100000) / 100.0, repeat(md5(g::text), 3) FROM generate_series(1, {rows}) g;
            CREATE TABLE "order lines" (order_id bigint NOT NULL, line int NOT NULL, sku text NOT NULL, quantity int NOT NULL, PRIMARY KEY (order_id, line));
            INSERT INTO "order lines" SELECT g, 1, 'sku-' || g % 500, g % 9 + 1 FROM generate_series(1, 100000) g;
            """]),
        new("billing", DrillEngine.PostgreSql, Cluster: false, 20_000, ["""
            CREATE SCHEMA ledger;
            CREATE TABLE ledger.invoices (id uuid PRIMARY KEY, amount numeric NOT NULL, issued date NOT NULL, lines jsonb NOT NULL, scan bytea);
            INSERT INTO ledger.invoices SELECT md5(g::text)::uuid, g * 1.01, date '2026-01-01' + g % 300, jsonb_build_object('n', g, 'tags', array['a', 'b']), decode(md5(g::text), 'hex') FROM generate_series(1, {rows}) g;
            """]),
        new("inventory", DrillEngine.PostgreSql, Cluster: false, 10_000, ["""
            CREATE TABLE stock (sku text PRIMARY KEY, held int NOT NULL, reserved int[] NOT NULL, checked interval);
            INSERT INTO stock SELECT 'sku-' || g, g % 700, array[g, g + 1], g * interval '1 minute' FROM generate_series(1, {rows}) g;
            CREATE TABLE empty_on_purpose (id int);
            """]),
        new("ledger", DrillEngine.PostgreSql, Cluster: true, 15_000, ["""
            CREATE TABLE entries (id bigint PRIMARY KEY, account int NOT NULL, amount numeric NOT NULL, booked timestamptz NOT NULL);
            INSERT INTO entries SELECT g, g % 321, g * 0.5, timestamptz '2026-06-01' + g * interval '1 minute' FROM generate_series(1, {rows}) g;
            """]),
        new("catalog", DrillEngine.MariaDb, Cluster: false, 30_000,
        [
            "CREATE TABLE makers (id int AUTO_INCREMENT PRIMARY KEY, name varchar(60) COLLATE utf8mb4_unicode_ci NOT NULL UNIQUE)",
            "INSERT INTO makers (name) SELECT CONCAT('maker ', seq) FROM seq_1_to_50",
            """
            CREATE TABLE products (id bigint AUTO_INCREMENT PRIMARY KEY, maker int NOT NULL, name varchar(120) NOT NULL, price decimal(12, 2) NOT NULL CHECK (price > 0),
                weight double, made datetime(6) NOT NULL, facts json NOT NULL, photo blob, KEY by_price (price), CONSTRAINT made_by FOREIGN KEY (maker) REFERENCES makers (id))
            """,
            """
            INSERT INTO products (maker, name, price, weight, made, facts, photo) SELECT seq % 50 + 1, CONCAT('product ', seq), seq / 100 + 1, seq / 7, '2026-01-01' + INTERVAL seq SECOND,
                JSON_OBJECT('n', seq, 'tags', JSON_ARRAY('a', 'b')), UNHEX(MD5(seq)) FROM seq_1_to_{rows}
            """,
            "CREATE SEQUENCE article_numbers START WITH 100000 CACHE 10", "DO NEXTVAL(article_numbers)",
            "CREATE VIEW dear_products AS SELECT id, name FROM products WHERE price > 200",
        ]),
    ];
}
