-- expect: 4:14-18 a file with an input that is not declared
SELECT id, email
FROM users
WHERE team = :team
ORDER BY id LIMIT :limit
