using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using AwsCompat.Shapes;

namespace AwsCompat.Client;

/// <summary>Turns an error response into the exception of its class.</summary>
public sealed class ErrorFactories(ServiceModel model, ErrorFactory unknownError)
{
    /// <param name="error">The error's type, code and message.</param>
    /// <param name="inner">What the transport threw.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="fill">Sets a further member of the exception from the response.</param>
    public AmazonServiceException Create(ErrorResponse error, Exception? inner, HttpStatusCode status, Action<Member, AmazonServiceException> fill)
    {
        var shape = model.Errors.FirstOrDefault(e => e.Name == error.Code || e.Code == error.Code);
        var exception = (shape?.Create ?? unknownError)(error.Message, inner, error.Type, error.Code, error.RequestId, status);
        foreach (var member in shape?.Members ?? [])
        {
            fill(member, exception);
        }

        return exception;
    }
}
