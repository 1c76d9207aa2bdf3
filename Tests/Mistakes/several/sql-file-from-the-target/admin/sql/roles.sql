SELECT id, name FROM roles ORDER BY id LIMIT 50
