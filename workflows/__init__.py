"""What the product knows: pure rules, thin services, frozen snapshots. Importable without Slack."""
