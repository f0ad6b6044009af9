using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Classroom.SignIn;

/// <summary>
/// Wrong codes, links, passwords and tokens, counted by what is guessed at and by where it comes from. Beyond a budget the source waits, each
/// time longer. The counts are rows, so they hold on all portals. What is right writes nothing: a class that joins at once from one address
/// costs a look at one row each.
/// </summary>
public sealed class SignInLimits(IDbContextFactory<LabDbContext> contexts, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_forgotten = TimeSpan.FromHours(3);

    /// <summary>Guesses of one source take turns on a portal: of many at once, each is counted before the next is looked at.</summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Looks whether something is right, unless its sources have to wait.</summary>
    /// <param name="look">Null for what is wrong.</param>
    /// <returns>What was found, or how long the sources wait from now on; neither for a wrong one within the budget.</returns>
    public async Task<(T? Found, TimeSpan? Wait)> TryAsync<T>(IReadOnlyList<GuessSource> sources, Func<Task<T?>> look, CancellationToken cancellationToken)
        where T : class
    {
        var turn = _turns[Convert.ToInt32(sources[0].Key[..2], 16) % _turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (await WaitAsync(sources, cancellationToken) is { } wait) return (null, wait);
            return await look() is { } found ? (found, null) : (null, await CountAsync(sources, cancellationToken));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Counts something wrong that nobody can guess and that was therefore looked at in any case.</summary>
    /// <returns>How long its source has to wait; null while it is within its budget.</returns>
    public async Task<TimeSpan?> WrongAsync(GuessSource source, CancellationToken cancellationToken) =>
        (await TryAsync<object>([source], () => Task.FromResult<object?>(null), cancellationToken)).Wait;

    /// <summary>Forgets what was counted, for somebody whom the instructor lets try again.</summary>
    public async Task ForgetAsync(GuessSource source, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.SignInFailures.Where(row => row.Key == source.Key).ExecuteDeleteAsync(cancellationToken);
    }

    /// <returns>Until when sources wait, by key.</returns>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> WaitingAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.SignInFailures.AsNoTracking().Where(row => row.RefusedUntil > now).ToDictionaryAsync(row => row.Key, row => row.RefusedUntil!.Value, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }

    private async Task<TimeSpan?> WaitAsync(IReadOnlyList<GuessSource> sources, CancellationToken cancellationToken)
    {
        var keys = sources.Select(source => source.Key).ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var until = (await db.SignInFailures.Where(row => keys.Contains(row.Key)).Select(row => row.RefusedUntil).ToListAsync(cancellationToken)).Max();
        return until - clock.GetUtcNow() is { } wait && wait > TimeSpan.Zero ? wait : null;
    }

    private Task<TimeSpan?> CountAsync(IReadOnlyList<GuessSource> sources, CancellationToken cancellationToken) => contexts.WriteAsync(async db =>
    {
        var now = clock.GetUtcNow();
        var old = now - s_forgotten;
        await db.SignInFailures.Where(row => row.LastAt < old).ExecuteDeleteAsync(cancellationToken);
        TimeSpan? longest = null;
        foreach (var source in sources)
        {
            var row = await db.SignInFailures.SingleOrDefaultAsync(row => row.Key == source.Key, cancellationToken);
            if (row is null) db.SignInFailures.Add(row = new() { Key = source.Key, LastAt = now });
            // Old ones drain away one by one: what a class mistypes within a day is no attack.
            var drained = (int)Math.Min(row.Count, Math.Max(0, (now - row.LastAt) / source.Budget.Drain));
            row.Count = row.Count - drained + 1;
            row.LastAt = row.Count == 1 ? now : row.LastAt + drained * source.Budget.Drain;
            var wait = source.Budget.WaitAfter(row.Count);
            row.RefusedUntil = wait is { } time ? now + time : null;
            if (wait > (longest ?? TimeSpan.Zero)) longest = wait;
        }
        await db.SaveChangesAsync(cancellationToken);
        return longest;
    }, cancellationToken);
}

/// <param name="Free">So many wrong ones cost nothing.</param>
/// <param name="First">The wait after them; it doubles with each further one.</param>
/// <param name="Most">The longest wait.</param>
/// <param name="Drain">After this time one is forgotten.</param>
public sealed record GuessBudget(int Free, TimeSpan First, TimeSpan Most, TimeSpan Drain)
{
    public static GuessBudget ClassCode { get; } = new(30, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    public static GuessBudget Link { get; } = new(30, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    public static GuessBudget Token { get; } = new(60, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    public static GuessBudget PasswordFromAddress { get; } = new(40, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    public static GuessBudget PasswordOfMember { get; } = new(Passwords.WrongOnes, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));

    public TimeSpan? WaitAfter(int wrong) => wrong < Free ? null : Most / First <= Math.Pow(2, wrong - Free) ? Most : First * Math.Pow(2, wrong - Free);
}

/// <summary>What is guessed at, and from where.</summary>
/// <param name="Key">What its row is called: a hash, so that neither names nor addresses are kept.</param>
public sealed record GuessSource(string Key, GuessBudget Budget)
{
    public static GuessSource ClassCode(string address) => Of("code", address, GuessBudget.ClassCode);

    public static GuessSource Link(string address) => Of("link", address, GuessBudget.Link);

    public static GuessSource LinkOn(string device) => Of("link on device", device, GuessBudget.PasswordOfMember);

    public static GuessSource Token(string address) => Of("token", address, GuessBudget.Token);

    public static GuessSource PasswordFrom(string address) => Of("password from", address, GuessBudget.PasswordFromAddress);

    /// <summary>A name that nobody has is counted as well: how it is answered tells nothing.</summary>
    public static GuessSource PasswordOf(int? memberId, string name) =>
        memberId is { } id ? Of("password of member", Number(id), GuessBudget.PasswordOfMember) : Of("password of", NameKey.Of(name), GuessBudget.PasswordOfMember);

    public static GuessSource PasswordOn(string device, int memberId) => Of("password on device", $"{device} {Number(memberId)}", GuessBudget.PasswordOfMember);

    public static GuessSource PasswordChange(int memberId) => Of("password change", Number(memberId), GuessBudget.PasswordOfMember);

    private static GuessSource Of(string what, string who, GuessBudget budget) => new(ClassKeys.HashOf($"{what} {who}"), budget);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
