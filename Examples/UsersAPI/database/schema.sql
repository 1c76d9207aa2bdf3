-- 20,000 users, the same on every machine: nothing here is random, and every time is stated with its zone.
BEGIN;

CREATE EXTENSION IF NOT EXISTS pg_stat_statements;

CREATE TABLE users (
    id         int PRIMARY KEY,
    email      text NOT NULL UNIQUE,
    full_name  text NOT NULL,
    is_active  boolean NOT NULL,
    created_at timestamptz NOT NULL,
    bio        text NOT NULL
);

-- One user every 61 seconds from the start of 2024; every seventh is not active.
INSERT INTO users (id, email, full_name, is_active, created_at, bio)
SELECT n,
       format('user%s@example.com', n),
       format('First%s Last%s', n % 997, n % 1009),
       n % 7 <> 0,
       timestamptz '2024-01-01 00:00:00+00' + n * interval '61 seconds',
       format('Bio %s %s', rpad(n::text, 6, '.'), left(md5(n::text), 29))
FROM generate_series(1, 20000) AS series (n);

-- The service signs in as a role that can read this table and do nothing else.
CREATE ROLE users_api LOGIN PASSWORD :'password';
GRANT SELECT ON users TO users_api;

COMMIT;

ANALYZE users;
