using System.Runtime.CompilerServices;
using Amazon.Runtime;

namespace AwsCompat.Client;

/// <summary>The pages of an operation's answer, each asked for when the one before has been read. Can be gone through once, as in the SDK.</summary>
/// <param name="request">Changed as the pages go by.</param>
/// <param name="call">The operation.</param>
/// <param name="nextOf">The token of the page after a response; null or empty at the end.</param>
/// <param name="continueAt">Puts a token into the request.</param>
public sealed class Pages<TRequest, TResponse>(
    TRequest request, Func<TRequest, CancellationToken, Task<TResponse>> call, Func<TResponse, string?> nextOf, Action<TRequest, string?> continueAt)
    : IPaginator<TResponse>
    where TRequest : AmazonWebServiceRequest
{
    private int used;

    public async IAsyncEnumerable<TResponse> PaginateAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref used, 1) != 0)
        {
            throw new InvalidOperationException("Paginator has already been consumed and cannot be reused. Please create a new instance.");
        }

        PaginatorUtils.SetUserAgentAdditionOnRequest(request);
        string? next;
        do
        {
            var response = await call(request, cancellationToken).ConfigureAwait(false);
            next = nextOf(response);
            continueAt(request, next);
            yield return response;
        }
        while (!string.IsNullOrEmpty(next));
    }
}
