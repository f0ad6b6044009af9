using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs;

/// <summary>How many runs a student may put in line within a minute, new or resumed. On each of several portals anew.</summary>
public sealed record LaunchRate(int PerMinute)
{
    /// <summary>Nobody who looks at what they launch gets there; a script that went wild does within a second.</summary>
    public static LaunchRate Default { get; } = new(10);
}

/// <summary>Whether somebody may launch now: their course is open, and they have not launched too much a moment ago. The instructor always may.</summary>
public sealed class LaunchPolicy(IDbContextFactory<LabDbContext> contexts, LaunchRate rate, TimeProvider clock)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    /// <summary>By member: when they launched within the last minute, oldest first.</summary>
    private readonly ConcurrentDictionary<int, Queue<DateTimeOffset>> _launches = new();

    /// <returns>Whether new runs of this viewer may use a data set of this name, should there be one.</returns>
    internal async Task<bool> OffersAsync(Viewer viewer, string dataset, CancellationToken cancellationToken)
    {
        if (viewer.IsStaff || viewer.MemberId is not { } id) return true;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.CourseOfAsync(id, cancellationToken))?.Datasets?.Contains(dataset) ?? true;
    }

    /// <exception cref="RequestRefusedException">Not now, and the message says until when.</exception>
    internal async Task EnterAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.IsStaff || viewer.MemberId is not { } id) return;

        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var course = await db.CourseOfAsync(id, cancellationToken);
            if (course is not null && Refusal(course, DateOnly.FromDateTime(clock.GetLocalNow().DateTime)) is { } line) throw new RequestRefusedException(line);
        }
        Count(id);
    }

    internal static string NoSuch(string dataset) => $"There is no data set \"{dataset}\".";

    private void Count(int memberId)
    {
        var launches = _launches.GetOrAdd(memberId, _ => []);
        lock (launches)
        {
            var now = clock.GetUtcNow();
            while (launches.TryPeek(out var oldest) && now - oldest >= s_window) launches.Dequeue();
            if (launches.Count < rate.PerMinute)
            {
                launches.Enqueue(now);
                return;
            }
            var wait = launches.Peek() + s_window - now;
            var seconds = (int)Math.Ceiling(wait.TotalSeconds);
            throw new RequestRefusedException(
                $"You have launched {rate.PerMinute} {(rate.PerMinute == 1 ? "run" : "runs")} within a minute, which is the limit for a student. " +
                $"Try again in {seconds} {(seconds == 1 ? "second" : "seconds")}.")
            {
                MayPassLater = true,
                RetryAfter = wait,
            };
        }
    }

    private static string? Refusal(Course course, DateOnly today) => course.StateOn(today) switch
    {
        CourseState.Ahead => $"{course.Name} begins on {Day(course.FirstDay!.Value)}. Runs can be launched from that day on.",
        CourseState.Over when course.ClosedAt is null => $"{course.Name} ended on {Day(course.LastDay!.Value)}. You can still read and download your work, but no new runs start.",
        CourseState.Over => $"{course.Name} is closed. You can still read and download your work, but no new runs start.",
        _ => null,
    };

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
