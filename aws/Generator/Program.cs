using AwsCompat.Generator;

// generator client MODEL NAMESPACE CLIENT OUT   a client package
// generator server MODEL NAMESPACE OUT          the tables that the server side reads and writes by
switch (args)
{
    case ["client", var model, var space, var client, var output]:
        File.WriteAllText(output, ClientFile.Emit(ServiceDefinition.Read(model), space, client));
        break;
    case ["server", var model, var space, var output]:
        File.WriteAllText(output, ServerFile.Emit(ServiceDefinition.Read(model), space));
        break;
    default:
        Console.Error.WriteLine("usage: generator client MODEL NAMESPACE CLIENT OUT | generator server MODEL NAMESPACE OUT");
        return 2;
}

return 0;
