using Amazon.Runtime.Endpoints;

namespace AwsCompat.Client;

/// <summary>What an endpoint depends on: Region, UseFIPS, UseDualStack, Endpoint.</summary>
public sealed class RegionalEndpointParameters : EndpointParameters;
