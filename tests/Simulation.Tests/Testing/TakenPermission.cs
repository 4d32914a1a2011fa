using System.Text.Json.Nodes;

using Dbre.Lab.Services;
using Dbre.Lab.Services.Identity;

namespace Dbre.Simulation.Tests.Testing;

/// <summary>Takes one action of one statement from a role's policy. The statements keep their places, by which permissions are known.</summary>
internal static class TakenPermission
{
    public static void Take(Iam iam, HeldPermission permission)
    {
        var document = JsonNode.Parse(iam.Role(permission.Owner).Policies[permission.Policy].Json)!;
        var statements = document["Statement"]!;
        var statement = statements is JsonArray all ? all[permission.Statement]! : statements;
        var left = Actions(statement["Action"]!).Where(action => action != permission.ActionPattern).ToList();
        if (left.Count > 0)
        {
            statement["Action"] = new JsonArray([.. left.Select(action => JsonValue.Create(action))]);
        }
        else
        {
            statement["Resource"] = "arn:aws:none:::nothing";
        }

        iam.PutRolePolicy(permission.Owner, permission.Policy, document.ToJsonString());
    }

    private static IEnumerable<string> Actions(JsonNode action) => action is JsonArray several ? several.Select(a => (string)a!) : [(string)action!];
}
