using Microsoft.Extensions.Hosting;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Classroom.Courses;

/// <summary>Gives the default section its code before the first request.</summary>
public sealed class CourseSetup(CourseStore courses, ClassKeys keys) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await courses.SetUpAsync(keys.ClassCode, keys.IsClassCodeSet, cancellationToken))
            throw new SettingException("Lab__ClassCode is already the code of another section. Set a different one, or leave it out to keep the course's present code.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
