-- 20,000 users, the same bytes on every run.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
CREATE TABLE users (
    id         int PRIMARY KEY,
    email      text NOT NULL UNIQUE,
    full_name  text NOT NULL,
    is_active  boolean NOT NULL,
    created_at timestamptz NOT NULL,
    bio        text NOT NULL
);
INSERT INTO users
SELECT i,
       'user' || i || '@example.com',
       'First' || (i % 997) || ' Last' || (i % 1009),
       i % 7 <> 0,
       timestamptz '2024-01-01 00:00:00+00' + i * interval '61 seconds',
       'Bio ' || rpad(i::text, 6, '.') || ' ' || substr(md5(i::text), 1, 29)
FROM generate_series(1, 20000) AS i;
VACUUM ANALYZE users;
