-- Findings by fingerprint are kept in a table of their own, written in bulk: see store::located.

DROP INDEX finding_fingerprint;

CREATE TABLE located (
    fingerprint BLOB NOT NULL,
    finding INTEGER NOT NULL,
    PRIMARY KEY (fingerprint, finding)
) WITHOUT ROWID;
INSERT INTO located SELECT fingerprint, id FROM finding ORDER BY fingerprint, id;
INSERT INTO meta (key, value) SELECT 'located', COALESCE(MAX(id), 0) FROM finding;

CREATE VIEW finding_by_fingerprint AS
    SELECT fingerprint, finding FROM located
    UNION ALL
    SELECT fingerprint, id FROM finding
    WHERE id > (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'located');
