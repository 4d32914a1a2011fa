using System.Net;
using Amazon.Runtime;

namespace AwsCompat.Shapes;

/// <summary>Makes an exception of one class.</summary>
public delegate AmazonServiceException ErrorFactory(
    string message, Exception? innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode);
