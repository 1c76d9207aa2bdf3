-- expect: 4:1-6 a file with two statements
SELECT id, email FROM users WHERE id = :id;

SELECT id, total FROM orders WHERE user_id = :id;
