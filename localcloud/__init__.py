"""The AWS that runs on this machine: a base for SQS, S3, DynamoDB and IAM, and our local Bedrock in front of it."""
