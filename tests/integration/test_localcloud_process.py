"""The local cloud as a process: it keeps its state, tells why it does not start, and never outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from localcloud.errors import DidNotStart
from localcloud.process import LocalCloud
from tests.integration.localcloud_support import BUCKET, STUB, answer, client, job_request, prepare, say, until

pytestmark = pytest.mark.cloud

KEYS = ["a", "a/b", "dir/", "d//e", "inbox/한국어 문서.md", f"{'긴' * 100}.pdf", "k.meta.json", "a%2Fb c+d"]


def test_queues_objects_tables_and_models_survive_a_restart(tmp_path: Path) -> None:
    with LocalCloud(state=tmp_path, engine=STUB) as cloud:
        role = prepare(cloud)
        s3, sqs, table = client(cloud, "s3"), client(cloud, "sqs"), client(cloud, "dynamodb")
        for key in KEYS:
            s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode(), Metadata={"k": "v"}, ContentType="text/plain")
        url = sqs.create_queue(QueueName="queue", Attributes={"VisibilityTimeout": "7"})["QueueUrl"]
        attribute = {"DataType": "Binary", "BinaryValue": b"\x00\xff"}
        sqs.send_message(QueueUrl=url, MessageBody="본문", MessageAttributes={"b": attribute})
        table.create_table(
            TableName="table",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        item = {"pk": {"S": "한"}, "b": {"B": b"\x01\xff"}, "n": {"N": "3.5"}}
        table.put_item(TableName="table", Item=item)
        bedrock = client(cloud, "bedrock")
        arn = bedrock.create_model_customization_job(**job_request(role, "kept"))["jobArn"]
        job = until(lambda: bedrock.get_model_customization_job(jobIdentifier=arn), "Completed")
        deployed = bedrock.create_custom_model_deployment(modelDeploymentName="d", modelArn=job["outputModelArn"])

    with LocalCloud(state=tmp_path, engine=STUB) as cloud:
        s3, sqs, table = client(cloud, "s3"), client(cloud, "sqs"), client(cloud, "dynamodb")
        for key in KEYS:
            found = s3.get_object(Bucket=BUCKET, Key=key)
            read = (found["Body"].read(), found["Metadata"], found["ContentType"])
            assert read == (key.encode(), {"k": "v"}, "text/plain")
        url = sqs.get_queue_url(QueueName="queue")["QueueUrl"]
        assert url.startswith(cloud.endpoint)
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
        assert attributes == {"VisibilityTimeout": "7"}
        [message] = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
        assert (message["Body"], message["MessageAttributes"]["b"]["BinaryValue"]) == ("본문", b"\x00\xff")
        assert table.get_item(TableName="table", Key={"pk": {"S": "한"}})["Item"] == item
        said = client(cloud, "bedrock-runtime").converse(
            modelId=deployed["customModelDeploymentArn"], messages=say("hello")
        )
        assert answer(said) == "local.reader-v1 after 5 rows: |hello"


def test_a_job_that_was_running_is_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUB_STEP_S", "60")
    with LocalCloud(state=tmp_path, engine=STUB) as cloud:
        role = prepare(cloud)
        bedrock = client(cloud, "bedrock")
        arn = bedrock.create_model_customization_job(**job_request(role, "again"))["jobArn"]
    monkeypatch.setenv("STUB_STEP_S", "0")
    with LocalCloud(state=tmp_path, engine=STUB) as cloud:
        bedrock = client(cloud, "bedrock")
        job = until(lambda: bedrock.get_model_customization_job(jobIdentifier=arn), "Completed", "Failed")
        assert job["status"] == "Completed"


def test_a_folder_that_holds_modules_of_the_same_names_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("shared", "localcloud"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('the wrong one')")
    monkeypatch.chdir(tmp_path)
    with LocalCloud(engine=STUB) as cloud:
        assert answer(client(cloud, "bedrock-runtime").converse(modelId="local.judge-v1", messages=say("x")))


async def test_it_says_why_it_does_not_start(tmp_path: Path) -> None:
    async with LocalCloud(state=tmp_path, engine=STUB) as cloud:
        port = int(cloud.endpoint.rsplit(":", 1)[1])
        with pytest.raises(DidNotStart, match=f"port {port} of 127.0.0.1 is in use"):
            LocalCloud(port=port).start()
        with pytest.raises(DidNotStart, match="another local cloud keeps its state in"):
            LocalCloud(state=tmp_path).start()
    with pytest.raises(DidNotStart, match=r"there is no local\.none"):
        LocalCloud(aliases={"real.model": "local.none"}).start()


def test_it_ends_when_its_parent_is_killed() -> None:
    program = (
        "from localcloud.process import LocalCloud\n"
        f"cloud = LocalCloud(engine={STUB!r}); cloud.start(); print(cloud.pid, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    for _ in range(500):
        if not _alive(child):
            return
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    raise AssertionError("the local cloud outlived its parent")


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
