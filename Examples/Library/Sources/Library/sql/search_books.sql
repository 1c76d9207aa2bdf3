-- The titles that have the words come first.
SELECT id, title, shelf, price, title ILIKE '%' || :q || '%' AS in_title
FROM books
WHERE title ILIKE '%' || :q || '%' OR lower(:q) = ANY (keywords)
ORDER BY in_title DESC, id
LIMIT 50
