using Dbre.Cli;

return await CommandLine.Run(args, Surroundings.OfProcess()).ConfigureAwait(false);
