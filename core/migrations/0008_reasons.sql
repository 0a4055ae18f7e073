-- A problem is a code with parameters: {"code": ..., "params": {...}}. A sentence that is not known becomes `unknown`, and
-- its file is read again.
UPDATE files SET
  modified = -1,
  problem = json_object('code', 'unknown', 'params', json_object('detail', problem))
WHERE problem IS NOT NULL
  AND problem NOT LIKE '% files cannot be shown yet%'
  AND problem NOT LIKE 'the file is empty.%'
  AND problem NOT LIKE 'the file is cut off:%'
  AND problem NOT LIKE 'the file is damaged (%'
  AND problem NOT LIKE 'the picture is too large: % x % pixels, and the limit is % megapixels'
  AND problem NOT LIKE 'the file is too large: more than % MB'
  AND problem NOT LIKE 'decoding it crashed the decoder (%'
  AND problem NOT LIKE 'decoding it took longer than %'
  AND problem NOT LIKE 'decoding it needed more than %'
  AND problem NOT LIKE 'reading it failed inside Fotonovela;%'
  AND problem NOT LIKE 'its name is not valid UTF-8.%'
  AND problem != 'it cannot be read. Allow your user to read it';

UPDATE files SET problem = CASE
    WHEN problem LIKE 'such files cannot be shown yet%' THEN json_object('code', 'unsupported_kind', 'params', json('{}'))
    WHEN problem LIKE '% files cannot be shown yet%' THEN json_object('code', 'unsupported', 'params',
        json_object('format', substr(problem, 1, instr(problem, ' files cannot be shown yet') - 1)))
    WHEN problem LIKE 'the file is empty.%' THEN json_object('code', 'empty', 'params', json('{}'))
    WHEN problem LIKE 'the file is cut off:%' THEN json_object('code', 'truncated', 'params', json('{}'))
    WHEN problem LIKE 'the file is damaged (its content is not a picture)%' THEN
        json_object('code', 'not_a_picture', 'params', json('{}'))
    WHEN problem LIKE 'the file is damaged (%' THEN json_object('code', 'corrupt', 'params',
        json_object('detail', replace(substr(problem, 22), '). Copy it again from where it came from', '')))
    WHEN problem LIKE 'the picture is too large:%' THEN json_object('code', 'too_large', 'params', json_object(
        'width', CAST(substr(problem, 27) AS INTEGER),
        'height', CAST(substr(problem, instr(problem, ' x ') + 3) AS INTEGER),
        'megapixels', CAST(substr(problem, instr(problem, 'limit is ') + 9) AS INTEGER)))
    WHEN problem LIKE 'the file is too large:%' THEN json_object('code', 'file_too_large', 'params',
        json_object('megabytes', CAST(substr(problem, instr(problem, 'more than ') + 10) AS INTEGER)))
    WHEN problem LIKE 'decoding it crashed the decoder (%' THEN json_object('code', 'decoder_crashed', 'params',
        json_object('detail', replace(substr(problem, 34), '); the file was set aside', '')))
    WHEN problem LIKE 'decoding it took longer than %' THEN json_object('code', 'decoder_too_slow', 'params',
        json_object('seconds', CAST(substr(problem, 30) AS INTEGER)))
    WHEN problem LIKE 'decoding it needed more than %' THEN json_object('code', 'decoder_too_hungry', 'params',
        json_object('megabytes', CAST(substr(problem, 30) AS INTEGER)))
    WHEN problem LIKE 'reading it failed inside Fotonovela;%' THEN json_object('code', 'failed_inside', 'params', json('{}'))
    WHEN problem LIKE 'its name is not valid UTF-8.%' THEN json_object('code', 'name_not_utf8', 'params', json('{}'))
    ELSE json_object('code', 'forbidden', 'params', json('{}'))
END
WHERE problem IS NOT NULL AND json_valid(problem) = 0;

-- What is wrong with a folder is a code with parameters, as problems are. Notices are noted anew at each start.
UPDATE folders SET notice = NULL, message = CASE
    WHEN message LIKE 'the folder is empty.%' THEN json_object('code', 'folder_empty', 'params', json('{}'))
    WHEN message LIKE 'the folder is not there.%' THEN json_object('code', 'folder_gone', 'params', json('{}'))
    WHEN message LIKE 'the folder cannot be read. Allow%' THEN json_object('code', 'folder_denied', 'params', json('{}'))
    WHEN message IS NOT NULL THEN json_object('code', 'folder_failed', 'params',
        json_object('detail', replace(message, 'the folder cannot be read: ', '')))
END;
