using System.Globalization;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>Why a sign-in was refused: a word in the address, a sentence on the page. So nothing typed is ever echoed as a message.</summary>
internal static class JoinText
{
    public const string Code = "code";
    public const string Name = "name";
    public const string Taken = "taken";
    public const string Alike = "alike";
    public const string Link = "link";
    public const string TooMany = "many";
    public const string Old = "old";
    public const string Erased = "erased";
    public const string Ended = "ended";
    public const string NewPassword = "new-password";
    public const string Password = "password";
    public const string Locked = "locked";
    public const string PasswordLink = "password-link";
    public const string UniversityAway = "university-away";
    public const string UniversityRefused = "university-refused";
    public const string UniversityFault = "university-fault";
    public const string UniversityCode = "university-code";
    public const string UniversityTaken = "university-taken";
    private const string Over = "over";
    private const string Begins = "begins-";
    private const string EndedOn = "ended-";
    private const string DayFormat = "yyyy-MM-dd";

    /// <returns>Null for a word that is not one of these.</returns>
    public static string? Sentence(string? error) => error switch
    {
        Code => "This is not the code of this class. It has six letters; ask your instructor for it.",
        Name => "Type the name that your instructor knows you by, with at most 60 letters.",
        Taken => "Somebody in this class already has this name. If it was you, use your return link or your password; otherwise add your family name or a letter.",
        Alike => "Somebody in this class has a name that looks like this one. If it was you, use your return link or your password; otherwise add your family name or a letter.",
        Link => "This link no longer works. Ask your instructor for a new one, or join with the class code.",
        TooMany => "Too many attempts from this address. Wait a minute, then try again.",
        _ when WaitAfter(TooMany, error) is { } wait => $"Too many wrong attempts from this address. Wait {wait}, then try again.",
        Erased => "Your instructor has removed you from this class and erased all your work. You can join again with the class code and start over.",
        Old => "The page had been open for too long. Send the form again.",
        Over => "This course is closed, and nobody can join it any more. Ask your instructor for the code of the current one.",
        _ when DayAfter(Begins, error) is { } day => $"This course begins on {day}. Its code works from that day on.",
        _ when DayAfter(EndedOn, error) is { } day => $"This course ended on {day}, and nobody can join it any more. Ask your instructor for the code of the current one.",
        Ended => "Your sign-in on this computer has ended: you signed out, your password or return link was changed, or all your sign-ins were ended. Nothing is lost; sign in again.",
        NewPassword => $"A password must have {Passwords.LeastLength} to {Passwords.MostLength} characters, at least 4 of them different. You can also leave it empty.",
        Password => "Name and password do not match. The name is the one shown at the top right when you are signed in.",
        _ when WaitAfter(Locked, error) is { } wait => $"Too many wrong passwords. Wait {wait}, then try again, or ask your instructor for a link to set a new one.",
        PasswordLink => "This link has already been used, or it has expired. Ask your instructor for a new one.",
        UniversityAway => "Your university's sign-in does not answer right now. Try again in a few minutes, or use another way.",
        UniversityRefused => "Your university refused the sign-in, or you canceled it. Try again, or use another way.",
        UniversityFault => "The sign-in with your university failed. Start it again from here; if it fails again, tell your instructor.",
        UniversityCode => "The lab does not know you yet. For the first sign-in, type the class code beside the university's button.",
        UniversityTaken => "This university account is already connected to another member of the class.",
        _ => null,
    };

    /// <returns>The word for a course that cannot be joined on this day; null for one that can.</returns>
    public static string? Closed(Course course, DateOnly today) => course.StateOn(today) switch
    {
        CourseState.Ahead => Begins + course.FirstDay!.Value.ToString(DayFormat, CultureInfo.InvariantCulture),
        CourseState.Over when course.ClosedAt is null => EndedOn + course.LastDay!.Value.ToString(DayFormat, CultureInfo.InvariantCulture),
        CourseState.Over => Over,
        _ => null,
    };

    /// <param name="word"><see cref="TooMany"/> or <see cref="Locked"/>.</param>
    /// <returns>That word with the wait; null where there is none.</returns>
    public static string? Waiting(string word, TimeSpan? wait) => wait is { } time ? string.Create(CultureInfo.InvariantCulture, $"{word}-{Math.Ceiling(time.TotalSeconds)}") : null;

    /// <returns>Whether the word is that of a sign-in by name and password.</returns>
    public static bool IsOfPassword(string? error) => error is Password or Taken or Alike or Ended || WaitAfter(Locked, error) is not null;

    /// <returns>"45 seconds"; null for a word of another kind.</returns>
    private static string? WaitAfter(string word, string? error) =>
        error?.StartsWith(word + "-", StringComparison.Ordinal) == true && int.TryParse(error[(word.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds switch { 1 => "1 second", <= 90 => $"{seconds} seconds", <= 3600 => $"{(seconds + 59) / 60} minutes", _ => "an hour" }
            : null;

    private static string? DayAfter(string word, string? error) =>
        error?.StartsWith(word, StringComparison.Ordinal) == true
        && DateOnly.TryParseExact(error[word.Length..], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)
            : null;

    public static string Address(string error, string? name = null, string? returnUrl = null)
    {
        var address = $"{ClassroomServices.JoinPath}?error={error}";
        // One that may not come in would be refused once more, as part of the address.
        if (name is { Length: > 0 and <= 2 * Member.NameLength } && InputText.Fault(name) is null) address += $"&name={Uri.EscapeDataString(name)}";
        return returnUrl is null or "/" ? address : $"{address}&returnUrl={Uri.EscapeDataString(returnUrl)}";
    }
}
