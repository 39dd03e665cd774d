"""What a good programmer would send for where everything stands and for use: sums where they are stored, else rows."""

from typing import Final

_REACHED = """
SELECT {columns} FROM (
  SELECT MIN(at) AS a0, MIN(CASE WHEN place >= 1 THEN at END) AS a1, MIN(CASE WHEN place >= 2 THEN at END) AS a2,
    MIN(CASE WHEN place >= 3 THEN at END) AS a3, MIN(CASE WHEN place >= 4 THEN at END) AS a4,
    MIN(CASE WHEN place >= 5 THEN at END) AS a5
  FROM (
    SELECT subject_id AS id, 0 AS place, opened_at AS at FROM approval_requests
    WHERE subject_kind = 'use_case' AND amends_id IS NULL
    UNION ALL SELECT subject_id, 1, settled_at FROM approval_requests
    WHERE subject_kind = 'use_case' AND amends_id IS NULL AND status = 'approved'
    UNION ALL SELECT use_case_id, CASE state WHEN 'in_deployment' THEN 2 WHEN 'deployed' THEN 3 WHEN 'optimising' THEN 4
      ELSE 5 END, entered_at
    FROM use_case_stages WHERE state IN ('in_deployment', 'deployed', 'optimising', 'scaling')
  ) AS moved WHERE at < :ends GROUP BY id
) AS firsts
"""
_COLUMNS = """
COUNT({at}), COUNT(CASE WHEN {at} >= :begins THEN 1 END),
COUNT(CASE WHEN {at} >= :begins_before AND {at} < :begins THEN 1 END)
"""
_DECIDED = """
SELECT r.requester_id, r.opened_at, r.settled_at, r.status, p.zone, p.country, p.work_starts, p.work_ends, p.work_days
FROM approval_requests r JOIN people p ON p.id = r.requester_id
WHERE r.subject_kind = 'use_case' AND r.status IN ('approved', 'rejected') AND r.decided_by_line IS NULL
  AND r.settled_at >= :begins_before AND r.settled_at < :ends
"""
_WAITING = """
SELECT r.id, l.role, (SELECT MIN(s.asked_at) FROM approval_seats s WHERE s.lane_id = l.id), l.timeouts > 0, p.zone,
  p.country, p.work_starts, p.work_ends, p.work_days
FROM approval_lanes l JOIN approval_stages g ON g.id = l.stage_id
JOIN approval_requests r ON r.id = l.request_id AND r.round = g.round JOIN people p ON p.id = r.requester_id
WHERE l.status IN ('open', 'blocked') AND r.status = 'in_review' AND r.subject_kind = 'use_case'
"""
_USE = """
WITH answered AS MATERIALIZED (
  SELECT use_case_id, now, eligible, active FROM (
    SELECT c.use_case_id, c.on_date >= :first AS now, a.eligible, a.active,
      ROW_NUMBER() OVER (
        PARTITION BY c.use_case_id, c.on_date >= :first ORDER BY c.on_date DESC, a.active DESC
      ) AS place
    FROM check_ins c JOIN check_in_answers a ON a.check_in_id = c.id AND a.revision = c.revision
    WHERE c.on_date BETWEEN :first_before AND :last AND a.active IS NOT NULL
  ) AS ranked WHERE place = 1
), by_day AS MATERIALIZED (
  SELECT use_case_id, SUM(now) AS now, SUM(before) AS before FROM (
    SELECT use_case_id, source, person_key, MAX(CASE WHEN day >= :first THEN 1 ELSE 0 END) AS now,
      MAX(CASE WHEN day < :first THEN 1 ELSE 0 END) AS before
    FROM usage_days WHERE day BETWEEN :first_before AND :last GROUP BY use_case_id, source, person_key
  ) AS people GROUP BY use_case_id
), counted AS MATERIALIZED (
  SELECT use_case_id, first_day >= :first AS now, SUM(CASE WHEN measure = 'eligible' THEN value END) AS eligible,
    SUM(CASE WHEN measure = 'active' THEN value END) AS active
  FROM usage_counts WHERE superseded_at IS NULL AND last_day >= :first_before AND first_day <= :last GROUP BY 1, 2
), seen AS MATERIALIZED (
  SELECT use_case_id, reported_on >= :first AS now, COUNT(*) AS assigned,
    COUNT(CASE WHEN last_active >= CASE WHEN reported_on >= :first THEN :first ELSE :first_before END THEN 1 END)
      AS active
  FROM usage_seen WHERE reported_on BETWEEN :first_before AND :reported GROUP BY 1, 2
)
SELECT w.now, t.team, SUM(COALESCE(a.eligible, c.eligible)),
  SUM(COALESCE(a.active, NULLIF(CASE WHEN w.now THEN d.now ELSE d.before END, 0), c.active, s.active)), SUM(s.assigned)
FROM use_cases u JOIN use_case_revisions t ON t.use_case_id = u.id AND t.revision = u.revision
CROSS JOIN (SELECT 1 = 1 AS now UNION ALL SELECT 1 = 0) AS w
LEFT JOIN answered a ON a.use_case_id = u.id AND a.now = w.now LEFT JOIN by_day d ON d.use_case_id = u.id
LEFT JOIN counted c ON c.use_case_id = u.id AND c.now = w.now LEFT JOIN seen s ON s.use_case_id = u.id AND s.now = w.now
WHERE u.state IN ('in_deployment', 'deployed', 'optimising', 'scaling') GROUP BY w.now, t.team
"""
_HEADS = """
SELECT e.stream, e.seq, e.hash FROM ledger_events e
JOIN (SELECT stream, MAX(seq) AS seq FROM ledger_events GROUP BY stream) AS l ON l.stream = e.stream AND l.seq = e.seq
"""
AROUND: Final = {
    "reached": _REACHED.format(columns=", ".join(_COLUMNS.format(at=f"a{place}") for place in range(6))),
    "decided": _DECIDED,
    "waiting": _WAITING,
    "use": _USE,
    "heads": _HEADS,
}
