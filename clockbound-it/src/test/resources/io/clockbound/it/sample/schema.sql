-- SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
CREATE TABLE note(key text PRIMARY KEY, text text NOT NULL, stamp bigint NOT NULL);
CREATE TABLE lease(job text PRIMARY KEY, holder text NOT NULL, token bigint NOT NULL, ends bigint NOT NULL);
INSERT INTO lease VALUES ('count', 'nobody', 1, 0);
CREATE TABLE total(job text PRIMARY KEY, notes bigint NOT NULL, token bigint NOT NULL);
INSERT INTO total VALUES ('count', 0, 0);
