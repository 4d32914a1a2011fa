using System.Reflection;

using Dbre.Functions.Runtime;
using Dbre.Functions.Restore;

var settings = Settings.FromEnvironment();
await FunctionHost.Run(Assembly.GetExecutingAssembly(), settings, services => Composition.Add(services, settings)).ConfigureAwait(false);
