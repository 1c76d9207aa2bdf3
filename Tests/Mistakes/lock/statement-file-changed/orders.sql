SELECT id, total, note FROM orders WHERE user_id = :user ORDER BY id LIMIT 50
