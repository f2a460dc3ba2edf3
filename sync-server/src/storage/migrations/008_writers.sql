-- Step 8: who wrote what into an entry of the register, so that a person who decides between values sees
-- whose they are. The entry is the first record that such a change names.

CREATE INDEX change_of_operator ON change
    (bureau, CASE WHEN json_valid(CAST(envelope AS TEXT)) THEN CAST(envelope AS TEXT) ->> '$.records[0]' END)
    WHERE kind IN ('operator.registered', 'operator.edited', 'conflict.resolved');
