namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Serves one invocation.</summary>
public delegate Task<InvocationResponse> LambdaBootstrapHandler(InvocationRequest invocation);

/// <summary>Runs once before the first invocation. False, or an exception, ends the process; an exception is reported as an init error.</summary>
public delegate Task<bool> LambdaBootstrapInitializer();
