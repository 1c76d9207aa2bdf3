SELECT id, email FROM users WHERE id = :ident
