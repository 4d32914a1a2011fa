# What a Python function would do: one call with boto3, from the start of its process to the answer.
import os

import boto3

rds = boto3.client("rds", region_name="us-east-1", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
try:
    rds.describe_db_instances(DBInstanceIdentifier="not-there")
except rds.exceptions.DBInstanceNotFoundFault:
    print("gone", flush=True)
