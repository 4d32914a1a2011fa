namespace Dbre.Functions.Core.Proof;

/// <summary>
/// What MySQL and MariaDB databases are made of besides rows. What a login may not see its server either refuses (<c>mysql.*</c>) or leaves out without
/// a word (<c>information_schema</c>); for the latter a row of kind <see cref="SchemaObject.Unread"/> says what is left out and which right is missing.
/// </summary>
internal static class MySqlObjects
{
    private const string Own = "NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')";

    /// <summary>What both say alike.</summary>
    private static readonly IReadOnlyList<ObjectQuestion> Common =
    [
        new("databases", $"SELECT 'database', schema_name, CONCAT_WS(' ', default_character_set_name, default_collation_name) FROM information_schema.schemata WHERE schema_name {Own}"),
        new("tables", $"SELECT 'table', CONCAT_WS('.', table_schema, table_name), CONCAT_WS(' ', table_type, engine, row_format, table_collation, create_options) FROM information_schema.tables WHERE table_schema {Own}"),

        // InnoDB keeps the counter with the table; TABLES reads it from there.
        new("AUTO_INCREMENT values", $"SELECT '{SchemaObject.AutoIncrementValue}', CONCAT_WS('.', table_schema, table_name), CAST(auto_increment AS CHAR) FROM information_schema.tables WHERE table_schema {Own} AND auto_increment IS NOT NULL"),
        new("columns", $"""
            SELECT 'column', CONCAT_WS('.', table_schema, table_name, column_name), CONCAT_WS(' ', ordinal_position, column_type, IF(is_nullable = 'NO', 'not null', NULL), column_default, collation_name, NULLIF(extra, ''), NULLIF(generation_expression, ''))
            FROM information_schema.columns WHERE table_schema {Own}
            """),
        new("keys", $"""
            SELECT 'constraint', CONCAT(k.constraint_name, ' of ', k.table_schema, '.', k.table_name), CONCAT_WS(' ', IF(k.referenced_table_name IS NULL, IF(k.constraint_name = 'PRIMARY', 'primary key', 'unique'), 'foreign key'), CONCAT('(', GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position), ')'), CONCAT('to ', k.referenced_table_schema, '.', k.referenced_table_name, ' (', GROUP_CONCAT(k.referenced_column_name ORDER BY k.ordinal_position), ')'), CONCAT('on update ', r.update_rule, ' on delete ', r.delete_rule))
            FROM information_schema.key_column_usage k LEFT JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
            WHERE k.table_schema {Own} GROUP BY k.table_schema, k.table_name, k.constraint_name, k.referenced_table_schema, k.referenced_table_name, r.update_rule, r.delete_rule
            """),
        new("rules of foreign keys", $"""
            SELECT DISTINCT '{SchemaObject.Unread}', 'what foreign keys do on update and delete (any right but SELECT on their tables would tell)', ''
            FROM information_schema.key_column_usage k LEFT JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
            WHERE k.table_schema {Own} AND k.referenced_table_name IS NOT NULL AND r.constraint_name IS NULL
            """),
        new("partitions", $"""
            SELECT 'partition', CONCAT_WS('.', table_schema, table_name, partition_name, subpartition_name), CONCAT_WS(' ', partition_ordinal_position, partition_method, partition_expression, partition_description, subpartition_method, subpartition_expression)
            FROM information_schema.partitions WHERE table_schema {Own} AND partition_name IS NOT NULL
            """),
        new("views", $"""
            SELECT 'view', CONCAT_WS('.', table_schema, table_name), CONCAT_WS(' ', definer, security_type, check_option, view_definition) FROM information_schema.views WHERE table_schema {Own}
            UNION ALL SELECT DISTINCT '{SchemaObject.Unread}', 'what views select (SHOW VIEW)', '' FROM information_schema.views WHERE table_schema {Own} AND view_definition = ''
            """),
        new("triggers", $"""
            SELECT 'trigger', CONCAT(trigger_name, ' of ', event_object_schema, '.', event_object_table), CONCAT_WS(' ', definer, action_timing, event_manipulation, action_order, sql_mode, action_statement) FROM information_schema.triggers WHERE event_object_schema {Own}
            UNION ALL {Without("TRIGGER", "triggers (TRIGGER)")}
            """),
        new("routines", $"""
            SELECT LOWER(r.routine_type), CONCAT_WS('.', r.routine_schema, r.routine_name), CONCAT_WS(' ', r.definer, r.security_type, r.is_deterministic, r.sql_data_access, r.sql_mode, r.dtd_identifier, CONCAT('(', p.list, ')'), r.routine_definition)
            FROM information_schema.routines r LEFT JOIN (
                SELECT specific_schema, specific_name, routine_type, GROUP_CONCAT(CONCAT_WS(' ', parameter_mode, parameter_name, dtd_identifier) ORDER BY ordinal_position) AS list
                FROM information_schema.parameters GROUP BY specific_schema, specific_name, routine_type) p
                ON p.specific_schema = r.routine_schema AND p.specific_name = r.specific_name AND p.routine_type = r.routine_type
            WHERE r.routine_schema {Own}
            UNION ALL {Without("SELECT", "functions and procedures of others (SELECT on mysql.*)")}
            """),

        // Passwords are no part of it, nor are their hashes.
        new("grants", $"""
            SELECT 'grants of', grantee, {Privileges} FROM information_schema.user_privileges WHERE EXISTS (SELECT 1 FROM mysql.user) GROUP BY grantee
            UNION ALL SELECT 'grants of', CONCAT(grantee, ' on ', table_schema), {Privileges} FROM information_schema.schema_privileges GROUP BY grantee, table_schema
            UNION ALL SELECT 'grants of', CONCAT(grantee, ' on ', table_schema, '.', table_name), {Privileges} FROM information_schema.table_privileges GROUP BY grantee, table_schema, table_name
            UNION ALL SELECT 'grants of', CONCAT(grantee, ' on ', table_schema, '.', table_name, '.', column_name), {Privileges} FROM information_schema.column_privileges GROUP BY grantee, table_schema, table_name, column_name
            UNION ALL SELECT 'grants of', CONCAT(QUOTE(user), '@', QUOTE(host), ' on ', LOWER(routine_type), ' ', db, '.', routine_name), proc_priv FROM mysql.procs_priv
            """),
    ];

    /// <summary>MySQL's own words for the rest.</summary>
    internal static readonly IReadOnlyList<ObjectQuestion> MySql =
    [
        .. Common,
        new("indexes", Indexes("column_name, expression")),
        new("check constraints", $"SELECT 'check constraint', CONCAT(constraint_name, ' of ', constraint_schema), CONCAT('check ', check_clause) FROM information_schema.check_constraints WHERE constraint_schema {Own}"),
        new("events", $"""
            SELECT 'event', CONCAT_WS('.', event_schema, event_name), CONCAT_WS(' ', definer, status, on_completion, execute_at, interval_value, interval_field, starts, ends, time_zone, sql_mode, event_definition) FROM information_schema.events WHERE event_schema {Own}
            UNION ALL {Without("EVENT", "events (EVENT)")}
            """),
        new("users", $"SELECT 'user', CONCAT(QUOTE(u.user), '@', QUOTE(u.host)), CONCAT_WS(' ', {Account}, IF(u.account_locked = 'Y', 'locked', NULL)) FROM mysql.user u"),
        new("roles", "SELECT 'role of', CONCAT(QUOTE(to_user), '@', QUOTE(to_host), ' is ', QUOTE(from_user)), CAST(with_admin_option AS CHAR) FROM mysql.role_edges"),
    ];

    /// <summary>MariaDB's.</summary>
    internal static readonly IReadOnlyList<ObjectQuestion> MariaDb =
    [
        .. Common,
        new("indexes", Indexes("column_name, IF(ignored = 'YES', 'ignored', NULL)")),
        new("check constraints", $"SELECT 'check constraint', CONCAT(constraint_name, ' of ', constraint_schema, '.', table_name), CONCAT_WS(' ', LOWER(level), 'check', check_clause) FROM information_schema.check_constraints WHERE constraint_schema {Own}"),
        new("events", $"SELECT 'event', CONCAT_WS('.', db, name), CONCAT_WS(' ', definer, status, on_completion, execute_at, interval_value, interval_field, starts, ends, time_zone, sql_mode, CONVERT(body_utf8 USING utf8mb4)) FROM mysql.event"),
        new("users", $"""
            SELECT IF(u.is_role = 'Y', 'role', 'user'), CONCAT(QUOTE(u.user), '@', QUOTE(u.host)), CONCAT_WS(' ', {Account}, NULLIF(u.default_role, ''), u.max_statement_time, IF(JSON_VALUE(g.priv, '$.account_locked') = 1, 'locked', NULL))
            FROM mysql.user u JOIN mysql.global_priv g ON g.user = u.user AND g.host = u.host
            """),
        new("roles", "SELECT 'role of', CONCAT(QUOTE(user), '@', QUOTE(host), ' is ', QUOTE(role)), IF(admin_option = 'Y', 'with admin option', '') FROM mysql.roles_mapping"),

        // A sequence is a table of one row: the first value that is not given out yet, and how it was made.
        new("sequences", $"""
            SELECT CONCAT('SELECT ''sequence'', ', QUOTE(CONCAT_WS('.', table_schema, table_name)), ', CONCAT_WS('' '', start_value, increment, minimum_value, maximum_value, cache_size, cycle_option) FROM ', {Quoted})
            FROM information_schema.tables WHERE table_type = 'SEQUENCE' AND table_schema {Own}
            """, Writes: true),
        new("sequence values", $"""
            SELECT CONCAT('SELECT ''{SchemaObject.SequenceValue}'', ', QUOTE(CONCAT_WS('.', table_schema, table_name)), ', CAST(IF(increment < 0, -next_not_cached_value, next_not_cached_value) AS CHAR) FROM ', {Quoted})
            FROM information_schema.tables WHERE table_type = 'SEQUENCE' AND table_schema {Own}
            """, Writes: true),
    ];

    private const string Quoted = "'`', REPLACE(table_schema, '`', '``'), '`.`', REPLACE(table_name, '`', '``'), '`'";

    private const string Privileges = "CONCAT(GROUP_CONCAT(privilege_type ORDER BY privilege_type SEPARATOR ', '), IF(MAX(is_grantable) = 'YES', ' with grant option', ''))";

    private const string Account = "NULLIF(u.plugin, ''), NULLIF(u.ssl_type, ''), IF(u.password_expired = 'Y', 'expired', NULL), u.max_questions, u.max_updates, u.max_connections, u.max_user_connections";

    private static string Indexes(string column) => $"""
        SELECT 'index', CONCAT_WS('.', table_schema, table_name, index_name), CONCAT_WS(' ', IF(MAX(non_unique) = 0, 'unique', NULL), MAX(index_type), GROUP_CONCAT(CONCAT_WS(' ', {column}, sub_part, collation) ORDER BY seq_in_index))
        FROM information_schema.statistics WHERE table_schema {Own} GROUP BY table_schema, table_name, index_name
        """;

    // Rights on all databases, the login's own or its role's, which MariaDB and MySQL write in two ways; the list of rights shows a login at least these.
    private static string Without(string right, string what) => $"""
        SELECT '{SchemaObject.Unread}', '{what}', '' FROM (SELECT 1) one WHERE NOT EXISTS (SELECT 1 FROM information_schema.user_privileges WHERE privilege_type = '{right}' AND
            (REPLACE(grantee, '''', '') IN (CURRENT_USER(), CONCAT(CURRENT_ROLE(), '@')) OR FIND_IN_SET(REPLACE(grantee, '''', '`'), CURRENT_ROLE())))
        """;
}
