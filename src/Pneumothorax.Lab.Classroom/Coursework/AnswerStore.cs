using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Coursework;

/// <summary>How a save ended.</summary>
/// <param name="IsSaved">False when somebody else, another page of the same student, has saved meanwhile: nothing was written.</param>
/// <param name="Stored">What is stored now.</param>
public sealed record SaveResult(bool IsSaved, WrittenAnswer Stored);

/// <summary>Answers in words, and what the instructor wrote back.</summary>
public sealed class AnswerStore(IDbContextFactory<LabDbContext> contexts, CourseworkNotifier changes, TimeProvider clock)
{
    /// <param name="readVersion">The version that the writer had before them; 0 for none. A save that was sent twice counts once.</param>
    /// <exception cref="RequestRefusedException">The text is too long, or the writer has been erased.</exception>
    public async Task<SaveResult> SaveAsync(
        int memberId, string question, string text, int readVersion, CancellationToken cancellationToken = default)
    {
        if (text.Length > WrittenAnswer.TextLength)
            throw new RequestRefusedException($"An answer can have at most {WrittenAnswer.TextLength:#,##0} characters; this one has {text.Length:#,##0}.");
        if (InputText.Fault(text) is { } fault) throw new RequestRefusedException($"The answer {fault}");
        if (string.IsNullOrWhiteSpace(text)) text = "";     // blanks are no answer

        var now = clock.GetUtcNow();
        // One writer at a time, so nobody saves between the look and the write.
        var (result, isNew) = await contexts.WriteAsync(db => SaveAsync(db, memberId, question, text, readVersion, now, cancellationToken), cancellationToken);
        if (isNew) changes.Publish(memberId);
        return result;
    }

    private static async Task<(SaveResult Result, bool IsNew)> SaveAsync(
        LabDbContext db, int memberId, string question, string text, int readVersion, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stored = await db.Answers.SingleOrDefaultAsync(answer => answer.MemberId == memberId && answer.Question == question, cancellationToken);
        if (stored?.Text == text) return (new(IsSaved: true, stored), false);
        if ((stored?.Version ?? 0) != readVersion && stored is not null) return (new(IsSaved: false, stored), false);

        if (stored is null)
        {
            if (!await db.Members.AnyAsync(member => member.Id == memberId, cancellationToken)) throw new RequestRefusedException("You are no longer a member of this class.");
            stored = new() { MemberId = memberId, Question = question, Text = text };
            db.Answers.Add(stored);
        }
        (stored.Text, stored.Version, stored.UpdatedAt) = (text, stored.Version + 1, now);
        await db.SaveChangesAsync(cancellationToken);
        return (new(IsSaved: true, stored), true);
    }

    public async Task<WrittenAnswer?> FindAsync(int memberId, string question, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Answers.AsNoTracking().SingleOrDefaultAsync(answer => answer.MemberId == memberId && answer.Question == question, cancellationToken);
    }

    /// <returns>By question, without the texts; what one has emptied again is there, as empty.</returns>
    public async Task<IReadOnlyDictionary<string, AnswerStanding>> StandingsAsync(int memberId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Answers.Where(answer => answer.MemberId == memberId)
            .Select(answer => new AnswerStanding(
                answer.Question, answer.Version, answer.Text.Length, db.Pins.Count(pin => pin.MemberId == memberId && pin.Question == answer.Question)))
            .ToDictionaryAsync(standing => standing.Question, cancellationToken);
    }

    /// <returns>Of one member, or of the whole class; empty ones left out.</returns>
    public async Task<IReadOnlyList<WrittenAnswer>> ListAsync(int? memberId = null, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Answers.AsNoTracking()
            .Where(answer => (memberId == null || answer.MemberId == memberId) && answer.Text != "").ToListAsync(cancellationToken);
    }

    /// <summary>Writes back to a student.</summary>
    /// <param name="by">The instructor, or an assistant.</param>
    /// <exception cref="RequestRefusedException">Somebody else tries to, the text is empty or too long, or the student is gone.</exception>
    public async Task CommentAsync(int memberId, string question, string text, Viewer by, CancellationToken cancellationToken = default)
    {
        if (!by.IsStaff) throw new RequestRefusedException("Only instructors and assistants can comment on answers.");
        var trimmed = text.Trim();
        if (trimmed.Length is 0 or > AnswerComment.TextLength) throw new RequestRefusedException($"A comment must have 1 to {AnswerComment.TextLength:N0} characters.");
        if (InputText.Fault(trimmed) is { } fault) throw new RequestRefusedException($"The comment {fault}");

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Members.AnyAsync(member => member.Id == memberId, cancellationToken)) throw new RequestRefusedException("This student has been erased.");
        db.Comments.Add(new() { MemberId = memberId, Question = question, Text = trimmed, At = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancellationToken);
        changes.Publish(memberId);
    }

    /// <returns>Oldest first; about one member, or the whole class.</returns>
    public async Task<IReadOnlyList<AnswerComment>> CommentsAsync(int? memberId = null, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Comments.AsNoTracking().Where(comment => memberId == null || comment.MemberId == memberId)
            .OrderBy(comment => comment.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Takes a comment back.</summary>
    /// <exception cref="RequestRefusedException">A student tries to.</exception>
    public async Task DeleteCommentAsync(int id, Viewer by, CancellationToken cancellationToken = default)
    {
        if (!by.IsStaff) throw new RequestRefusedException("Only instructors and assistants can delete comments.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Comments.SingleOrDefaultAsync(comment => comment.Id == id, cancellationToken) is not { } comment) return;
        db.Comments.Remove(comment);
        await db.SaveChangesAsync(cancellationToken);
        changes.Publish(comment.MemberId);
    }

    /// <summary>Keeps that the instructor has read an answer as it was at one save; what the student writes later is new to them.</summary>
    /// <param name="version">The save that they saw; 0 makes the answer unread again.</param>
    /// <exception cref="RequestRefusedException">A student tries to.</exception>
    public async Task MarkReadAsync(int memberId, string question, int version, Viewer by, CancellationToken cancellationToken = default)
    {
        if (!by.IsStaff) throw new RequestRefusedException("Only instructors and assistants can mark answers as read.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var marked = await db.Answers.Where(answer => answer.MemberId == memberId && answer.Question == question && answer.Version >= version)
            .ExecuteUpdateAsync(set => set.SetProperty(answer => answer.ReadVersion, version), cancellationToken);
        if (marked > 0) changes.Publish(memberId);
    }
}
