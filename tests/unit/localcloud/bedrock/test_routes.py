from __future__ import annotations

import pytest

from localcloud.bedrock.routes import is_namesake, match


@pytest.mark.parametrize(
    ("method", "path", "operation", "labels"),
    [
        ("GET", "/foundation-models", "ListFoundationModels", {}),
        ("GET", "/foundation-models/local.reader-v1", "GetFoundationModel", {"modelIdentifier": "local.reader-v1"}),
        ("POST", "/model/a%3Ab%2Fc/converse", "Converse", {"modelId": "a:b/c"}),
        ("POST", "/model/m/count-tokens", "CountTokens", {"modelId": "m"}),
        ("POST", "/model-customization-jobs/job/stop", "StopModelCustomizationJob", {"jobIdentifier": "job"}),
        ("GET", "/model-customization/custom-model-deployments", "ListCustomModelDeployments", {}),
        ("POST", "/knowledgebases/KB/retrieve", "Retrieve", {"knowledgeBaseId": "KB"}),
        ("PUT", "/agents/", "CreateAgent", {}),
    ],
)
def test_routes_come_from_the_service_models(method: str, path: str, operation: str, labels: dict[str, str]) -> None:
    found = match(method, path)
    assert found is not None
    assert (found.operation.name, found.labels) == (operation, labels)


def test_what_no_service_has_matches_nothing() -> None:
    assert match("GET", "/no/such/thing") is None
    assert match("PATCH", "/foundation-models") is None


@pytest.mark.parametrize(
    ("method", "path", "namesake"),
    [("POST", "/tagResource", False), ("POST", "/tags/arn", True), ("POST", "/model/m/converse", False)],
)
def test_two_services_have_operations_of_one_name_and_the_first_one_is_meant(
    method: str, path: str, namesake: bool
) -> None:
    found = match(method, path)
    assert found is not None and is_namesake(found.operation) is namesake
