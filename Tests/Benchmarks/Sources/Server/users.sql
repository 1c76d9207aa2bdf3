SELECT id, email, full_name, is_active, created_at, bio
FROM users ORDER BY id OFFSET :skip LIMIT :limit
