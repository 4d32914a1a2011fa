namespace Dbre.Lab.Services.Rds;

/// <summary>Engine work on one database, one piece after the other.</summary>
internal sealed class Sequence
{
    private Task last = Task.CompletedTask;

    /// <summary>Starts work once all before it has ended, however it ended. Called under the lock; <paramref name="done"/> and <paramref name="failed"/> run under it too.</summary>
    internal void Then(World world, Func<Task> work, Action done, Action<Exception> failed) => last = After(last, world, work, done, failed);

    private static async Task After(Task previous, World world, Func<Task> work, Action done, Action<Exception> failed)
    {
        await previous.ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever went wrong becomes the resource's status and an event: nobody else is waiting for this task.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (world.Gate)
            {
                failed(e);
            }

            return;
        }

        lock (world.Gate)
        {
            done();
        }
    }
}
