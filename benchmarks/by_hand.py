"""What a good programmer would send to the tables for the numbers of a week, with no library between."""

from typing import Final

_KPIS = """
WITH lately AS (
  SELECT kpi_id, MAX(CASE WHEN later THEN known END) AS now, MAX(CASE WHEN later THEN NULL ELSE known END) AS before
  FROM (
    SELECT r.kpi_id, r.read_for >= :first AS later,
      1 + 2 * CASE WHEN CASE k.direction WHEN 'up' THEN r.value >= k.target WHEN 'down' THEN r.value <= k.target
        ELSE r.value BETWEEN k.target AND k.target_high END THEN 1 ELSE 0 END AS known,
      ROW_NUMBER() OVER (PARTITION BY r.kpi_id, r.read_for >= :first
        ORDER BY r.read_for DESC, r.entered_at DESC, r.id DESC) AS place
    FROM readings r JOIN kpis k ON k.id = r.kpi_id AND k.source = r.source AND k.unit = r.unit
    WHERE r.superseded_at IS NULL AND r.read_for BETWEEN :first_before AND :last
  ) AS ranked WHERE place = 1 GROUP BY kpi_id
), said AS (
  SELECT schedule_id, MAX(CASE WHEN later THEN confidence END) AS now,
    MAX(CASE WHEN later THEN NULL ELSE confidence END) AS before
  FROM (
    SELECT c.schedule_id, c.on_date >= :first AS later, a.confidence,
      ROW_NUMBER() OVER (PARTITION BY c.schedule_id, c.on_date >= :first ORDER BY c.on_date DESC) AS place
    FROM check_ins c JOIN check_in_answers a ON a.check_in_id = c.id AND a.revision = c.revision
    WHERE c.on_date BETWEEN :first_before AND :last AND a.confidence IS NOT NULL
  ) AS ranked WHERE place = 1 GROUP BY schedule_id
), facts AS MATERIALIZED (
  SELECT k.id, k.due, k.position, u.number, u.confidential, s.now AS said, s.before AS said_before,
    l.now, l.before,
    CASE WHEN l.before IS NULL THEN (
      SELECT 2 * CASE WHEN CASE k.direction WHEN 'up' THEN r.value >= k.target WHEN 'down' THEN r.value <= k.target
        ELSE r.value BETWEEN k.target AND k.target_high END THEN 1 ELSE 0 END
      FROM readings r
      WHERE r.kpi_id = k.id AND r.superseded_at IS NULL AND r.source = k.source AND r.unit = k.unit
        AND r.read_for < :first_before
      ORDER BY r.read_for DESC, r.entered_at DESC, r.id DESC LIMIT 1
    ) END AS ever
  FROM kpis k JOIN use_cases u ON u.id = k.use_case_id
  LEFT JOIN check_in_schedules p ON p.use_case_id = k.use_case_id AND p.person_id = k.owner_id
  LEFT JOIN said s ON s.schedule_id = p.id LEFT JOIN lately l ON l.kpi_id = k.id
  WHERE k.retired_at IS NULL AND u.state IN
    ('approved', 'approved_with_conditions', 'in_deployment', 'deployed', 'optimising', 'scaling')
), stood AS MATERIALIZED (
  SELECT id, due, position, number, confidential,
    CASE WHEN said = 'off_track' THEN 0 WHEN said = 'at_risk' THEN 1 WHEN COALESCE(now, before, ever) >= 2 THEN 5
      WHEN due <= :last THEN 2 WHEN now IS NOT NULL THEN 4 ELSE 3 END AS now,
    CASE WHEN said_before = 'off_track' THEN 0 WHEN said_before = 'at_risk' THEN 1
      WHEN COALESCE(before, ever) >= 2 THEN 5 WHEN due <= :last_before THEN 2 WHEN before IS NOT NULL THEN 4
      ELSE 3 END AS before
  FROM facts
)
SELECT now, before, COUNT(*), CAST(NULL AS TEXT) FROM stood GROUP BY now, before
UNION ALL SELECT * FROM (
  SELECT now, CAST(NULL AS INTEGER), 1, CAST(id AS TEXT) FROM stood WHERE now < 4 AND NOT confidential
  ORDER BY now, due, number, position, id LIMIT 10
) AS worst
"""
_SAID = """
SELECT later, proven, SUM(low), SUM(high), COUNT(low), SUM(low * kept), SUM(high * kept), COUNT(low * kept),
  SUM(looked), SUM(prompt), SUM(context), SUM(workflow), SUM(unknown)
FROM (
  SELECT e.*, b.use_case_id IS NOT NULL AS proven, 1.0 - (prompt + context + workflow) * 1.0 / NULLIF(looked, 0) AS kept
  FROM (
    SELECT c.use_case_id, c.on_date >= :first AS later, SUM(a.hours_low) AS low, SUM(a.hours_high) AS high,
      SUM(CASE WHEN tells THEN a.looked_at ELSE 0 END) AS looked,
      SUM(CASE WHEN tells THEN COALESCE(a.corrected_prompt, 0) END) AS prompt,
      SUM(CASE WHEN tells THEN COALESCE(a.corrected_context, 0) END) AS context,
      SUM(CASE WHEN tells THEN COALESCE(a.corrected_workflow, 0) END) AS workflow,
      SUM(CASE WHEN tells OR NOT p.is_whole THEN 0 ELSE 1 END) AS unknown
    FROM check_ins c
    JOIN (
      SELECT *, looked_at IS NOT NULL AND looked_at > 0
        AND COALESCE(corrected_prompt, corrected_context, corrected_workflow) IS NOT NULL AS tells FROM check_in_answers
    ) a ON a.check_in_id = c.id AND a.revision = c.revision
    JOIN check_in_schedules p ON p.id = c.schedule_id
    WHERE c.on_date BETWEEN :first_before AND :last GROUP BY 1, 2
  ) AS e LEFT JOIN (
    SELECT DISTINCT k.use_case_id FROM kpis k JOIN baselines b ON b.kpi_id = k.id AND b.unit = k.unit
    WHERE k.retired_at IS NULL
  ) AS b ON b.use_case_id = e.use_case_id
) AS each_one GROUP BY later, proven
"""
_COSTS = """
SELECT a.currency, SUM(a.cost) FROM check_ins c JOIN check_in_answers a ON a.check_in_id = c.id
  AND a.revision = c.revision
WHERE c.on_date BETWEEN :first AND :last AND a.cost IS NOT NULL AND a.currency IS NOT NULL GROUP BY a.currency
"""
_RETURNS = """
WITH paid AS MATERIALIZED (
  SELECT c.id, c.use_case_id, a.currency, a.cost FROM check_ins c
  JOIN check_in_answers a ON a.check_in_id = c.id AND a.revision = c.revision
  WHERE c.on_date BETWEEN :first AND :last AND a.cost > 0
), gained AS (
  SELECT p.*, (
    SELECT SUM((r.value - (SELECT CASE WHEN b.unit = k.unit THEN b.value END FROM baselines b WHERE b.kpi_id = k.id
      ORDER BY b.number DESC LIMIT 1)) * CASE k.direction WHEN 'up' THEN 1 ELSE -1 END)
    FROM readings r JOIN kpis k ON k.id = r.kpi_id AND k.unit = r.unit
    WHERE r.check_in_id = p.id AND r.superseded_at IS NULL AND k.retired_at IS NULL AND k.direction <> 'band'
      AND (UPPER(TRIM(k.unit)) = p.currency OR TRIM(k.unit) = CASE p.currency WHEN 'EUR' THEN '€' WHEN 'USD' THEN '$'
        WHEN 'GBP' THEN '£' WHEN 'JPY' THEN '¥' END)
  ) AS gain FROM paid p
), returned AS (
  SELECT use_case_id, currency, SUM(gain) AS gain, SUM(cost) AS cost, COUNT(*) OVER () AS of_all FROM gained
  WHERE gain IS NOT NULL GROUP BY use_case_id, currency
)
SELECT u.number, t.name, t.team, r.currency, r.gain, r.cost, r.of_all FROM returned r
JOIN use_cases u ON u.id = r.use_case_id
JOIN use_case_revisions t ON t.use_case_id = u.id AND t.revision = u.revision
WHERE NOT u.confidential ORDER BY (r.gain - r.cost) / r.cost, u.number LIMIT 10
"""
_WINS = """
SELECT u.number, t.name, t.team, w.body FROM check_ins c
JOIN check_in_answers a ON a.check_in_id = c.id AND a.revision = c.revision
JOIN texts w ON w.id = a.wins_id JOIN use_cases u ON u.id = c.use_case_id
JOIN use_case_revisions t ON t.use_case_id = u.id AND t.revision = u.revision
WHERE c.on_date BETWEEN :first AND :last AND NOT u.confidential AND TRIM(w.body) <> ''
ORDER BY a.answered_at DESC, c.id DESC LIMIT 5
"""
_ASKED = "SELECT state, COUNT(*) FROM check_ins WHERE on_date BETWEEN :first AND :last GROUP BY state"
_MISSING = """
SELECT DISTINCT u.number, t.name, t.team, c.state, c.state = 'away' FROM check_ins c
JOIN use_cases u ON u.id = c.use_case_id
JOIN use_case_revisions t ON t.use_case_id = u.id AND t.revision = u.revision
WHERE c.on_date BETWEEN :first AND :last AND NOT u.confidential AND c.state IN ('missed', 'overdue', 'away')
ORDER BY c.state = 'away', u.number, c.state LIMIT 20
"""
_TRAINING = """
SELECT SUM(w.to_train), SUM(CASE WHEN w.to_train IS NOT NULL THEN w.trained END), COUNT(*) - COUNT(w.to_train)
FROM workstreams w JOIN use_cases u ON u.id = w.use_case_id WHERE w.kind = 'onboarding' AND u.state = 'in_deployment'
"""
STATEMENTS: Final = {
    "kpis": _KPIS,
    "said": _SAID,
    "costs": _COSTS,
    "returns": _RETURNS,
    "wins": _WINS,
    "asked": _ASKED,
    "missing": _MISSING,
    "training": _TRAINING,
}
