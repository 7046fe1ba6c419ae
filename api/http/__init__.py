"""The grammar of the HTTP contract: errors, strict filters, paging, caching, authentication, idempotency."""
