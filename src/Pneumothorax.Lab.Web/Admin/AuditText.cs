using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Web.Admin;

/// <summary>The audit trail in words.</summary>
internal static class AuditText
{
    public static string Of(AuditKind kind) => kind switch
    {
        AuditKind.StudentErased => "Erased a student",
        AuditKind.StudentMoved => "Moved a student",
        AuditKind.StudentExported => "Exported a student",
        AuditKind.ClassExported => "Exported a class",
        AuditKind.AuditExported => "Exported the audit trail",
        AuditKind.RunCanceled => "Canceled a run",
        AuditKind.RunResumed => "Resumed a run",
        AuditKind.RunDeleted => "Deleted a run",
        AuditKind.RunShared => "Shared a run",
        AuditKind.RunUnshared => "Stopped sharing a run",
        AuditKind.CourseCreated => "Created a course",
        AuditKind.CourseChanged => "Changed a course",
        AuditKind.CourseClosed => "Closed a course",
        AuditKind.CourseReopened => "Reopened a course",
        AuditKind.CourseRemoved => "Removed a course",
        AuditKind.SectionCreated => "Created a section",
        AuditKind.SectionChanged => "Renamed a section",
        AuditKind.SectionRemoved => "Removed a section",
        AuditKind.CodeRenewed => "Renewed a code",
        AuditKind.PurgeStarted => "Started a purge",
        AuditKind.PurgeEnded => "Finished a purge",
        AuditKind.AccountCreated => "Created an account",
        AuditKind.AccountChanged => "Changed an account",
        AuditKind.RoleChanged => "Changed a role",
        AuditKind.PasswordReset => "Reset a password",
        AuditKind.TokenCreated => "Created a token",
        AuditKind.TokenRevoked => "Revoked a token",
        AuditKind.ImportStarted => "Started an import",
        AuditKind.ImportCanceled => "Canceled an import",
        AuditKind.DataChanged => "Described a data set",
        AuditKind.DataRegistered => "Registered a data set",
        AuditKind.DataRetired => "Retired a data set",
        AuditKind.QueueChanged => "Changed the queue",
        AuditKind.HostChanged => "Changed a host",
        _ => kind.ToString(),
    };

    /// <returns>The name that a member has now; a number for one who is gone.</returns>
    public static string Of(int? memberId, string? name) => name ?? (memberId is { } id ? $"member {id}, erased" : "the portal");
}
