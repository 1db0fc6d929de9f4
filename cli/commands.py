"""Every command: the module that holds it and its one-line help, so that ``--help`` imports none of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """``module`` has the click command under the name ``command``."""

    module: str
    help: str


COMMANDS: dict[str, Entry] = {
    "init": Entry("cli.init", "Write a starter run.yaml with comments."),
    "check": Entry("cli.check", "Report every mistake in a run.yaml without running it."),
    "run": Entry("cli.run", "Run an experiment and copy its report to a folder."),
    "submit": Entry("cli.submit", "Hand an experiment to a running pipeline and return."),
    "runs": Entry("cli.runs", "List, show, watch, cancel and score runs."),
    "score": Entry("cli.score", "Score answers against references, without a cloud."),
    "compare": Entry("cli.compare", "Compare scored files: the first with each other one."),
    "reap": Entry("cli.reap", "List and remove what runs left on Bedrock."),
    "models": Entry("cli.models", "Show and set what is known of models: prices and limits."),
    "report": Entry("cli.report", "Write a report's page, Markdown and tables again, in English or Korean."),
    "gate": Entry("cli.gate", "Check a report against rules, for a build."),
    "rank": Entry("cli.rank", "Have people rank the answers of a run, blind."),
    "samples": Entry("cli.samples", "Look through a run's samples, kept and refused, with their evidence."),
    "parse": Entry("cli.parse", "Turn documents into chunks here and now, without a cloud."),
    "validate-dataset": Entry("cli.validate_dataset", "Check a training file against what a base model takes."),
    "import": Entry("cli.import_", "Turn published question-answer sets into documents and ground truth."),
    "export": Entry("cli.export", "Write the JSON Schemas of all events and artifacts."),
    "local": Entry("cli.local", "Run the AWS that lives on this machine."),
    "provision": Entry("cli.provision", "Create or update queues, bucket, table, role and rule."),
    "policy": Entry("cli.policy", "Print the IAM policy of a worker's role."),
    "destroy": Entry("cli.destroy", "Delete all that provision made."),
    "worker": Entry("cli.worker", "Run one worker until it is asked to stop."),
    "fleet": Entry("cli.fleet", "Run all workers as child processes, restarted when they die."),
    "queues": Entry("cli.queues", "Show each queue's backlog, in-flight, delayed and dead messages."),
    "dlq": Entry("cli.dlq", "List, show and redrive dead letters."),
}
