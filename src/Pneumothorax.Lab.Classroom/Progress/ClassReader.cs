using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>Puts together what the class has done, for those who teach it.</summary>
public sealed class ClassReader(
    Members members, AttemptStore attempts, AnswerStore answers, PinStore pins, RunStore runs, ChapterLibrary library, TimeProvider clock)
{
    /// <returns>What one member has done, whatever their role; null when they are gone.</returns>
    public async Task<StudentWork?> ReadOneAsync(int memberId, CancellationToken cancellationToken = default)
    {
        if (await members.FindAsync(memberId, cancellationToken) is not { Member: var member }) return null;
        return new(
            member,
            await attempts.StandingsAsync(memberId, cancellationToken),
            (await answers.ListAsync(memberId, cancellationToken)).ToDictionary(answer => answer.Question),
            (await answers.CommentsAsync(memberId, cancellationToken)).ToLookup(comment => comment.Question),
            (await pins.ListAsync(memberId, cancellationToken)).ToLookup(pin => pin.Question ?? ""),
            [.. (await runs.ListAsync(new(memberId, member.Name, IsInstructor: false), cancellationToken)).Where(run => run.OwnerId == memberId)]);
    }

    /// <param name="by">The instructor or an assistant: whoever else asks gets an empty class.</param>
    /// <param name="scope">Whose work; null for everybody's.</param>
    public async Task<ClassWork> ReadAsync(Viewer by, ClassScope? scope = null, CancellationToken cancellationToken = default)
    {
        if (!by.IsStaff) return new(library.Chapters, [], clock.GetLocalNow());

        scope ??= ClassScope.Everybody;
        var standings = await attempts.ClassAsync(cancellationToken);
        var texts = (await answers.ListAsync(null, cancellationToken)).ToLookup(answer => answer.MemberId);
        var comments = (await answers.CommentsAsync(null, cancellationToken)).ToLookup(comment => comment.MemberId);
        var kept = (await pins.ListAsync(null, cancellationToken)).ToLookup(pin => pin.MemberId);
        var made = (await runs.ListAsync(by, cancellationToken)).ToLookup(run => run.OwnerId);
        return new(library.Chapters, [.. (await members.StudentsAsync(cancellationToken)).Where(scope.Holds).Select(Of)], clock.GetLocalNow()) { Scope = scope };

        StudentWork Of(Member student) => new(
            student,
            standings.GetValueOrDefault(student.Id) ?? new Dictionary<string, TaskStanding>(),
            texts[student.Id].ToDictionary(answer => answer.Question),
            comments[student.Id].ToLookup(comment => comment.Question),
            kept[student.Id].ToLookup(pin => pin.Question ?? ""),
            [.. made[student.Id]]);
    }
}
