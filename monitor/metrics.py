"""The counters. Only work/ moves them, only web/ and the summary of `once` show them. No address, no title in a label."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest


class Metrics:
    """One set of counters, with a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter that nobody asks for
        self.polls = self._counter("polls", "Feeds asked, by result: changed, unchanged, failed.", "result")
        self.entries = self._counter("entries", "New entries that feeds listed and that are to be read.")
        self.articles = self._counter("articles", "Articles stored.")
        self.copies = self._counter("copies", "Entries with the text of an article that we have from elsewhere.")
        self.matches = self._counter("matches", "Articles that concern a topic, by topic.", "topic")
        self.stories = self._counter("stories", "Articles placed, by what they did: opened or joined a story.", "how")
        self.alerts = self._counter("alerts", "Decisions, by decision and reason.", "decision", "reason")
        self.deliveries = self._counter("deliveries", "Tries to deliver, by channel and result.", "channel", "result")
        self.delivered = Histogram(
            "monitor_delivery_seconds",
            "From the decision to the channel, by channel.",
            ("channel",),
            buckets=(1, 2, 5, 10, 30, 60, 300, 1800, 7200, 43200),
            registry=self.registry,
        )
        self.last_tick = Gauge(
            "monitor_last_tick_timestamp_seconds", "When work was last looked for.", registry=self.registry
        )
        self.tick_late = Gauge(
            "monitor_tick_late_seconds",
            "By how much a look for work was late at worst, since the start.",
            registry=self.registry,
        )
        self.outbox = Gauge("monitor_outbox_waiting", "Deliveries that have not gone yet.", registry=self.registry)
        self.feeds = Gauge("monitor_feeds", "Feeds, by state.", ("state",), registry=self.registry)
        self.poisoned = Gauge(
            "monitor_entries_poisoned", "Entries set aside because they can't be read.", registry=self.registry
        )

        self.config_ok = Gauge(
            "monitor_config_last_reload_successful",
            "Whether the configuration file could be used when it was last read: 1 or 0.",
            registry=self.registry,
        )
        self.config_at = Gauge(
            "monitor_config_last_reload_success_timestamp_seconds",
            "When it was last read and could be used.",
            registry=self.registry,
        )

    def configured(self, *, now: datetime) -> None:
        self.config_ok.set(1)
        self.config_at.set(now.timestamp())

    def refused_configuration(self) -> None:
        self.config_ok.set(0)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"monitor_{name}", meaning, labels, registry=self.registry)

    def total(self, name: str, **labels: str) -> int:
        """The value of `monitor_<name>_total`, summed over the labels that are not given."""
        return sum(
            int(sample.value)
            for family in self.registry.collect()
            for sample in family.samples
            if sample.name == f"monitor_{name}_total" and labels.items() <= sample.labels.items()
        )

    def exposition(self) -> bytes:
        """In the Prometheus text format."""
        return generate_latest(self.registry)
