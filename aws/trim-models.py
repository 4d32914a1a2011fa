"""Trims botocore's service models to the operations this project calls: aws/<package>/<service>.json.

Usage: python3 aws/trim-models.py   (from the repository root, with botocore installed)
"""
import gzip, json, os, botocore

DATA = os.path.join(os.path.dirname(botocore.__file__), "data")
HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = {
    "AWSSDK.RDS": ("rds", "2014-10-31", """
        DescribeDBInstances CreateDBInstance DeleteDBInstance ModifyDBInstance RebootDBInstance StartDBInstance StopDBInstance
        CreateDBInstanceReadReplica PromoteReadReplica
        DescribeDBClusters CreateDBCluster DeleteDBCluster ModifyDBCluster FailoverDBCluster
        CreateDBSnapshot CopyDBSnapshot DeleteDBSnapshot DescribeDBSnapshots
        DescribeDBSnapshotAttributes ModifyDBSnapshotAttribute
        CreateDBClusterSnapshot CopyDBClusterSnapshot DeleteDBClusterSnapshot DescribeDBClusterSnapshots
        DescribeDBClusterSnapshotAttributes ModifyDBClusterSnapshotAttribute
        RestoreDBInstanceFromDBSnapshot RestoreDBInstanceToPointInTime RestoreDBClusterFromSnapshot RestoreDBClusterToPointInTime
        AddTagsToResource RemoveTagsFromResource ListTagsForResource DescribeEvents
        DescribeDBSubnetGroups CreateDBSubnetGroup DescribeOptionGroups CreateOptionGroup DescribeAccountAttributes
        DescribeDBInstanceAutomatedBackups DescribeDBClusterAutomatedBackups DeleteDBInstanceAutomatedBackup DeleteDBClusterAutomatedBackup
        StartDBInstanceAutomatedBackupsReplication StopDBInstanceAutomatedBackupsReplication
        CreateDBParameterGroup DescribeDBParameterGroups CreateDBClusterParameterGroup DescribeDBClusterParameterGroups
        DescribeOrderableDBInstanceOptions"""),
    "AWSSDK.StepFunctions": ("stepfunctions", "2016-11-23", """
        StartExecution DescribeExecution ListExecutions StopExecution GetExecutionHistory DescribeMapRun ListMapRuns
        CreateStateMachine UpdateStateMachine DescribeStateMachine ListStateMachines DeleteStateMachine DescribeStateMachineForExecution
        SendTaskSuccess SendTaskFailure SendTaskHeartbeat TagResource ListTagsForResource"""),
    "AWSSDK.EventBridge": ("events", "2015-10-07", """
        PutEvents PutRule PutTargets DescribeRule ListRules EnableRule DisableRule ListTargetsByRule RemoveTargets DeleteRule TagResource"""),
    "AWSSDK.Scheduler": ("scheduler", "2021-06-30", """
        CreateSchedule GetSchedule ListSchedules UpdateSchedule DeleteSchedule CreateScheduleGroup GetScheduleGroup"""),
    "AWSSDK.SimpleNotificationService": ("sns", "2010-03-31", """
        Publish PublishBatch CreateTopic ListTopics GetTopicAttributes SetTopicAttributes Subscribe ListSubscriptionsByTopic DeleteTopic"""),
    "AWSSDK.SecretsManager": ("secretsmanager", "2017-10-17", """
        CreateSecret GetSecretValue PutSecretValue DescribeSecret ListSecrets DeleteSecret UpdateSecret"""),
    "AWSSDK.Lambda": ("lambda", "2015-03-31", """
        Invoke GetFunction GetFunctionConfiguration ListFunctions CreateFunction DeleteFunction UpdateFunctionCode UpdateFunctionConfiguration
        PutFunctionConcurrency"""),
    "AWSSDK.CloudWatch": ("cloudwatch", "2010-08-01", """
        PutMetricData GetMetricStatistics ListMetrics PutMetricAlarm DescribeAlarms DeleteAlarms SetAlarmState"""),
    "AWSSDK.CloudWatchLogs": ("logs", "2014-03-28", """
        CreateLogGroup CreateLogStream PutLogEvents DescribeLogGroups DescribeLogStreams GetLogEvents FilterLogEvents PutRetentionPolicy"""),
    "AWSSDK.EC2": ("ec2", "2016-11-15", "DescribeSecurityGroups CreateSecurityGroup DeleteSecurityGroup"),
    "AWSSDK.SQS": ("sqs", "2012-11-05", """
        CreateQueue GetQueueUrl GetQueueAttributes SetQueueAttributes SendMessage ReceiveMessage DeleteMessage ListQueues PurgeQueue"""),
    # These clients are official packages; the lab reads and writes the same models.
    "Server": [
        ("dynamodb", "2012-08-10", """
        CreateTable DescribeTable ListTables DeleteTable GetItem PutItem UpdateItem DeleteItem Query Scan
        BatchGetItem BatchWriteItem TransactWriteItems TransactGetItems DescribeTimeToLive UpdateTimeToLive UpdateTable TagResource ListTagsOfResource
        UpdateContinuousBackups DescribeContinuousBackups RestoreTableToPointInTime RestoreTableFromBackup CreateBackup ListBackups DeleteBackup"""),
        ("kms", "2014-11-01", """
        CreateKey DescribeKey ListKeys CreateAlias ListAliases EnableKey DisableKey GetKeyPolicy PutKeyPolicy
        EnableKeyRotation GetKeyRotationStatus
        Encrypt Decrypt GenerateDataKey ReEncrypt CreateGrant ScheduleKeyDeletion"""),
        ("sts", "2011-06-15", "GetCallerIdentity AssumeRole"),
    ],
}


def undocumented(node):
    if isinstance(node, dict):
        return {k: undocumented(v) for k, v in node.items() if k not in ("documentation", "documentationUrl")}
    return [undocumented(v) for v in node] if isinstance(node, list) else node


def trim(package, service, version, operations):
    folder = os.path.join(DATA, service, version)
    with gzip.open(os.path.join(folder, "service-2.json.gz")) as f:
        model = json.load(f)
    with open(os.path.join(folder, "paginators-1.json")) as f:
        pagination = json.load(f)["pagination"]
    if "query" in model["metadata"].get("protocols", []):
        model["metadata"]["protocol"] = "query"
    kept = {}

    def keep(name):
        if name in kept:
            return
        shape = kept[name] = model["shapes"][name]
        for ref in (shape.get("member"), shape.get("key"), shape.get("value"), *shape.get("members", {}).values()):
            if ref:
                keep(ref["shape"])

    names = operations.split()
    for name in names:
        operation = model["operations"][name]
        for ref in (operation.get("input"), operation.get("output"), *operation.get("errors", [])):
            if ref:
                keep(ref["shape"])
    trimmed = {
        "metadata": model["metadata"],
        "operations": {n: undocumented(model["operations"][n]) for n in names},
        # A member may itself be called "documentation": only its text goes, so members are kept by name.
        "shapes": {n: {**undocumented({k: v for k, v in s.items() if k != "members"}),
                       **({"members": {m: undocumented(r) for m, r in s["members"].items()}} if "members" in s else {})}
                   for n, s in sorted(kept.items())},
        "pagination": {n: pagination[n] for n in names if n in pagination},
    }
    path = os.path.join(HERE, package, service + ".json")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        json.dump(trimmed, f, indent=1)
        f.write("\n")
    print(f"{package}/{service}.json: {len(names)} operations, {len(kept)} shapes")


for package, entry in MODELS.items():
    for service in entry if isinstance(entry, list) else [entry]:
        trim(package, *service)
