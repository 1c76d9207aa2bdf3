SELECT id, email, full_name, is_active, created_at, bio
FROM users
WHERE id = :id
